//! A directory of this machine as a destination: whether it is there or can be made, may be written into, and has room.

use super::{Check, Finding};
use crate::domain::amount::ByteCount;
use crate::domain::problem::Problem;

/// Less room than this is told of: an export of a single busy hour may be larger. How large one will be, nobody knows
/// before it is read.
const ROOM: ByteCount = ByteCount(1024 * 1024 * 1024);

/// What this machine says of a directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryFacts {
    /// What stands at its path.
    pub there: There,
    /// Whether files may be made in it, or in what it is to be made in.
    pub writable: Result<bool, Problem>,
    /// The bytes that are free there for whoever exports.
    pub free: Result<ByteCount, Problem>,
}

/// What stands at a directory's path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum There {
    /// The directory.
    Itself,
    /// Nothing: it is made in this one, the nearest above that is there.
    Above(String),
    /// Something that is no directory stands at this path, which is its own or one above.
    Other(String),
    /// It could not be looked at.
    Unknown(Problem),
}

/// Whether the directory exists or can be made, may be written into, and has room.
pub fn directory(facts: &DirectoryFacts) -> Vec<Finding> {
    let there = there(&facts.there);
    match &facts.there {
        There::Other(_) | There::Unknown(_) => vec![there],
        There::Itself | There::Above(_) => vec![there, writable(&facts.writable), space(&facts.free)],
    }
}

fn there(there: &There) -> Finding {
    const CHECK: Check = Check::Directory;
    match there {
        There::Itself => Finding::pass(CHECK, "it exists"),
        There::Above(above) => Finding::pass(CHECK, format!("it is made in {above}")),
        There::Other(path) => Finding::block(CHECK, format!("{path} is no directory"))
            .advising("choose another directory, or move away what stands there"),
        There::Unknown(problem) => Finding::unchecked(CHECK, problem),
    }
}

fn writable(writable: &Result<bool, Problem>) -> Finding {
    const CHECK: Check = Check::Caller;
    match writable {
        Err(problem) => Finding::unchecked(CHECK, problem),
        Ok(true) => Finding::pass(CHECK, "you may write there"),
        Ok(false) => Finding::block(CHECK, "you may not write there")
            .advising("choose a directory of your own, or have its owner let you write into this one"),
    }
}

fn space(free: &Result<ByteCount, Problem>) -> Finding {
    const CHECK: Check = Check::Space;
    match free {
        Err(problem) => Finding::unchecked(CHECK, problem),
        Ok(ByteCount(0)) => Finding::block(CHECK, "the disk is full").advising("make room, or choose another disk"),
        Ok(free) if *free < ROOM => Finding::warn(CHECK, format!("{free} are free, and how much comes is not known"))
            .advising("make room, or choose another disk: an export that fills it fails, and goes on when run again"),
        Ok(free) => Finding::pass(CHECK, format!("{free} are free")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::preflight::Verdict;
    use crate::domain::problem::ProblemKind;

    fn shown(there: There, writable: bool, free: u64) -> Vec<String> {
        let facts = DirectoryFacts { there, writable: Ok(writable), free: Ok(ByteCount(free)) };
        directory(&facts).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_directory_that_is_there_or_can_be_made_passes() {
        assert_eq!(
            shown(There::Itself, true, 3 * ROOM.0),
            [
                "directory: pass: it exists",
                "your permission: pass: you may write there",
                "free space: pass: 3.0 GiB are free"
            ]
        );
        let made = shown(There::Above("/var".to_owned()), true, ROOM.0);
        assert_eq!(made[0], "directory: pass: it is made in /var");
    }

    #[test]
    fn what_stands_in_the_way_blocks() {
        let file = shown(There::Other("/var/log".to_owned()), true, ROOM.0);
        assert_eq!(file.len(), 1);
        assert!(file[0].starts_with("directory: block: /var/log is no directory"), "{file:?}");
        let verdicts = |writable, free| {
            let facts = DirectoryFacts { there: There::Itself, writable: Ok(writable), free: Ok(ByteCount(free)) };
            directory(&facts).into_iter().map(|finding| finding.verdict).collect::<Vec<_>>()
        };
        assert_eq!(verdicts(false, ROOM.0), [Verdict::Pass, Verdict::Block, Verdict::Pass]);
        assert_eq!(verdicts(true, 0), [Verdict::Pass, Verdict::Pass, Verdict::Block]);
        assert_eq!(verdicts(true, ROOM.0 - 1), [Verdict::Pass, Verdict::Pass, Verdict::Warn]);
    }

    #[test]
    fn what_could_not_be_looked_at_is_unchecked() {
        let problem = || Problem::new(ProblemKind::Disk, "StatDirectory").saying("stale file handle");
        let facts = DirectoryFacts { there: There::Itself, writable: Err(problem()), free: Err(problem()) };
        let verdicts: Vec<_> = directory(&facts).into_iter().map(|finding| finding.verdict).collect();
        assert_eq!(verdicts, [Verdict::Pass, Verdict::Unchecked, Verdict::Unchecked]);
        let unknown = DirectoryFacts { there: There::Unknown(problem()), ..facts };
        assert_eq!(directory(&unknown).len(), 1);
    }
}
