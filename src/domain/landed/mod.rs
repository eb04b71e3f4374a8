//! What a task has left in its bucket: where that is, and what its objects are called there, on this machine and in the
//! words of other programs.

pub mod links;
pub mod path;
pub mod window;

use super::inventory::RemoteTask;
use super::layout;
use super::task::Task;
use super::verify::object::Place;

/// Where a task's objects are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// The bucket's name.
    pub bucket: String,
    /// `<prefix>/<taskId>/`: every key of the task begins so.
    pub prefix: String,
    /// Whose events they are: the log group's name.
    pub group: String,
    /// The last part of `prefix`: AWS's id of the task, or our own.
    pub task: String,
}

impl Folder {
    /// That of `task`; `None` while it has none: nothing of it was begun, or it is a directory of this machine.
    pub fn of(task: &Task) -> Option<Self> {
        let (remote, destination) = (task.remote.as_ref()?, &task.spec.destination);
        Some(Self {
            bucket: destination.store.bucket()?.to_string(),
            prefix: destination.folder(remote),
            group: task.spec.group.to_string(),
            task: remote.to_string(),
        })
    }

    /// That of a task AWS remembers.
    pub fn of_past(task: &RemoteTask) -> Self {
        Self {
            bucket: task.bucket.clone(),
            prefix: layout::folder(&task.prefix, &task.id),
            group: task.group.clone(),
            task: task.id.to_string(),
        }
    }

    /// `key` as it stands below the folder.
    pub fn below<'k>(&self, key: &'k str) -> &'k str {
        key.strip_prefix(self.prefix.as_str()).unwrap_or(key)
    }

    /// The whole key of what is called `name` below the folder.
    pub fn key(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }
}

/// What is called `name` below a task's folder: its stream, if an export writes such objects, and its own name.
pub fn parts(name: &str) -> (Option<&str>, &str) {
    match (Place::parse(name), name.split_once('/')) {
        (Some(place), Some((_, own))) => (Some(place.stream), own),
        (_, _) => (None, name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_told_by_its_stream_and_its_number() {
        assert_eq!(parts("web-1/000003.gz"), (Some("web-1"), "000003.gz"));
        assert_eq!(parts("manifest.json"), (None, "manifest.json"));
        assert_eq!(parts("a/b/notes.txt"), (None, "a/b/notes.txt"));
    }

    #[test]
    fn names_below_a_folder_and_keys_are_two_sides_of_the_same() {
        let folder = Folder { bucket: "b".into(), prefix: "p/4d2b/".into(), group: "/g".into(), task: "4d2b".into() };
        assert_eq!(folder.below("p/4d2b/web/000000.gz"), "web/000000.gz");
        assert_eq!(folder.key(folder.below("p/4d2b/web/000000.gz")), "p/4d2b/web/000000.gz");
    }
}
