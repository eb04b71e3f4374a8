//! The export service: what CreateExportTask, DescribeExportTasks and CancelExportTask answer ([`api`]), whether a
//! bucket lets the service in ([`permission`], [`policy`], [`condition`]), and the work itself ([`worker`], [`objects`]).

pub(super) mod api;
mod condition;
pub(super) mod foreign;
mod objects;
mod permission;
mod policy;
pub(super) mod task;
mod worker;
