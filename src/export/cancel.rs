//! What an engine is to heed, on its way from the actor: a person's wish to cancel, a withdrawal, a stop. The actor and the
//! engine hold the same one.

use tokio::sync::watch;

/// What is there and was not taken yet.
#[derive(Clone, Copy, Debug, Default)]
struct There {
    /// A person wishes to cancel.
    cancel: bool,
    /// The task may not be launched any more, though nobody cancelled it: it is held, or another goes before it. Nothing
    /// of it ever reaches AWS.
    withdrawn: bool,
    /// This process is closing: what is at work here puts itself down.
    stop: bool,
}

/// The line to one engine.
#[derive(Clone, Debug)]
pub(super) struct Wishes(watch::Sender<There>);

impl Wishes {
    /// None yet.
    pub fn none() -> Self {
        Self(watch::Sender::new(There::default()))
    }

    /// Wishes to cancel.
    pub fn cancel(&self) {
        self.0.send_modify(|there| there.cancel = true);
    }

    /// Withdraws the task. It cannot be taken back.
    pub fn withdraw(&self) {
        self.0.send_modify(|there| there.withdrawn = true);
    }

    /// Has the engine put its task down, for another run to go on with it.
    pub fn stop(&self) {
        self.0.send_modify(|there| there.stop = true);
    }

    /// Whether a cancel is wished for that was not [taken](Self::take_cancel) yet.
    pub fn is_cancel(&self) -> bool {
        self.0.borrow().cancel
    }

    /// Whether there is nothing to wait for in the queue any more.
    pub fn is_any(&self) -> bool {
        let there = *self.0.borrow();
        there.cancel || there.withdrawn
    }

    /// Takes the wish to cancel: it has been passed on.
    pub fn take_cancel(&self) {
        self.0.send_modify(|there| there.cancel = false);
    }

    /// Waits for a wish to cancel without taking it.
    pub async fn cancel_comes(&self) {
        // The line cannot close while this end of it is held.
        let _ = self.0.subscribe().wait_for(|there| there.cancel).await;
    }

    /// Waits until the task is to be put down.
    pub async fn stop_comes(&self) {
        let _ = self.0.subscribe().wait_for(|there| there.stop).await;
    }

    /// Waits for a cancel or a withdrawal.
    pub async fn any_comes(&self) {
        let _ = self.0.subscribe().wait_for(|there| there.cancel || there.withdrawn).await;
    }
}
