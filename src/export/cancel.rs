//! A person's wish to cancel, on its way to an engine.

use tokio::sync::watch;

/// The actor's end: each wish counts one up.
pub(super) type CancelSender = watch::Sender<u32>;

/// The engine's end.
#[derive(Clone, Debug)]
pub(super) struct CancelWish(watch::Receiver<u32>);

/// A line for wishes.
pub(super) fn channel() -> (CancelSender, CancelWish) {
    let (sender, receiver) = watch::channel(0);
    (sender, CancelWish(receiver))
}

impl CancelWish {
    /// Whether a wish has come that was not [taken](Self::take) yet.
    pub fn is_there(&self) -> bool {
        self.0.has_changed().unwrap_or(false)
    }

    /// Takes a wish, if there is one.
    pub fn take(&mut self) -> bool {
        let there = self.is_there();
        self.0.mark_unchanged();
        there
    }

    /// Waits for a wish without taking it. Never ends once the actor is gone: nobody can wish any more.
    pub async fn comes(&mut self) {
        if self.0.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
        self.0.mark_changed();
    }
}
