//! A person's wish to cancel, on its way to an engine. The actor and the engine hold the same one.

use tokio::sync::watch;

/// Whether a wish is there that no engine has taken yet.
#[derive(Clone, Debug)]
pub(super) struct CancelWish(watch::Sender<bool>);

impl CancelWish {
    /// No wish yet.
    pub fn none() -> Self {
        Self(watch::Sender::new(false))
    }

    /// Wishes.
    pub fn wish(&self) {
        self.0.send_replace(true);
    }

    /// Whether a wish is there that was not [taken](Self::take) yet.
    pub fn is_there(&self) -> bool {
        *self.0.borrow()
    }

    /// Takes the wish: it has been passed on.
    pub fn take(&self) {
        self.0.send_replace(false);
    }

    /// Waits for a wish without taking it.
    pub async fn comes(&self) {
        // The line cannot close while this end of it is held.
        let _ = self.0.subscribe().wait_for(|there| *there).await;
    }
}
