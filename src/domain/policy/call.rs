//! The calls an export makes on a bucket, as a policy sees them: who, what, on which resource, and the
//! condition keys that come along.
//!
//! What AWS does not document stays open here: [`Fact`] can be one of several values, or unknown. Sources: the IAM user
//! guide's list of global condition keys (which says for each key when a call carries it), and aws-facts section 7.

use super::caller::Caller;
use super::export::Export;
use super::pattern::Text;
use crate::domain::layout::WRITE_TEST;
use crate::domain::partition::Partition;
use crate::domain::place::Region;

/// What a call carries under a condition key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fact {
    /// Nothing: the key is not in the request.
    Absent,
    /// One of these; which of several, AWS does not document.
    OneOf(Vec<Text>),
    /// AWS does not document whether the call carries the key, or with which value.
    Undocumented,
}

impl Fact {
    fn text(text: impl Into<String>) -> Self {
        Self::OneOf(vec![Text::exact(text)])
    }
}

/// Names a service goes by in policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ServiceNames {
    /// The name AWS documents first, then what was seen to be accepted.
    pub accepted: Vec<String>,
    /// Names of which nobody has told whether they are accepted.
    pub doubtful: Vec<String>,
}

impl ServiceNames {
    /// The names of CloudWatch Logs in `region`. The name without a Region was seen to be accepted by AWS.
    pub fn of_logs(region: &Region) -> Self {
        let Partition { suffix, .. } = Partition::of(region);
        let names = |suffix: &str| vec![format!("logs.{region}.{suffix}"), format!("logs.{suffix}")];
        // Many services go by both suffixes in such a partition; of `logs` only the partition's own is documented.
        let doubtful = if suffix == COMMON_SUFFIX { Vec::new() } else { names(COMMON_SUFFIX) };
        Self { accepted: names(suffix), doubtful }
    }

    /// The names of CloudWatch Logs in another Region than `region`, of the same partition.
    pub fn of_logs_elsewhere(region: &Region) -> Self {
        let mut names = Self::of_logs(region);
        for name in names.accepted.iter_mut().chain(&mut names.doubtful) {
            *name = name.replace(&region.0, "xx-nowhere-1");
        }
        names
    }

    /// The names of some other service.
    pub fn of_another() -> Self {
        Self { accepted: vec![format!("another-service.{COMMON_SUFFIX}")], doubtful: Vec::new() }
    }
}

/// What principals of services end in, in most partitions.
const COMMON_SUFFIX: &str = "amazonaws.com";

/// The canned ACL the service puts objects with (the bucket policy AWS documents asks for it).
pub(super) const EXPORT_ACL: &str = "bucket-owner-full-control";

/// Who calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// A service in its own name.
    Service(ServiceNames),
    /// Whoever asks for the export.
    Caller(Caller),
}

/// One call.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub who: Who,
    pub action: String,
    pub resource: Text,
    /// The Region the call is made in.
    pub region: Region,
    /// `aws:SourceAccount`.
    pub account: String,
    /// `aws:SourceArn`: its possible forms.
    pub source: Vec<Text>,
    /// `s3:x-amz-acl`, if the action takes one.
    pub acl: Option<&'static str>,
}

impl Call {
    /// The look at the bucket's ACL, with which every export begins.
    pub fn get_bucket_acl(export: &Export) -> Self {
        let resource = Text::exact(Partition::of(&export.region).bucket_arn(&export.bucket));
        Self {
            who: Who::Service(ServiceNames::of_logs(&export.region)),
            action: "s3:GetBucketAcl".to_owned(),
            resource,
            region: export.region.clone(),
            account: export.account.0.clone(),
            source: source_arns(export),
            acl: None,
        }
    }

    /// The puts of an export: the write test, then the log objects under a task id that is not known yet.
    pub fn put_objects(export: &Export) -> [Self; 2] {
        let bucket = Partition::of(&export.region).bucket_arn(&export.bucket);
        let prefix = export.prefix.as_deref();
        let write_test = prefix.map_or_else(|| WRITE_TEST.to_owned(), |prefix| format!("{prefix}/{WRITE_TEST}"));
        let prefix = prefix.unwrap_or(crate::domain::layout::DEFAULT_PREFIX);
        let keys = [Text::exact(format!("{bucket}/{write_test}")), Text::beginning(format!("{bucket}/{prefix}/"))];
        keys.map(|resource| Self {
            action: "s3:PutObject".to_owned(),
            resource,
            acl: Some(EXPORT_ACL),
            ..Self::get_bucket_acl(export)
        })
    }

    /// What the call carries under `key`, in any letter case.
    pub fn fact(&self, key: &str) -> Fact {
        let key = key.to_ascii_lowercase();
        let service = match (&self.who, key.as_str()) {
            (_, "aws:securetransport") => return Fact::text("true"),
            (_, "aws:requestedregion") => return Fact::text(&self.region.0),
            (Who::Caller(caller), key) => return caller.fact(key),
            (Who::Service(service), _) => service,
        };
        match key.as_str() {
            "aws:sourceaccount" => Fact::text(&self.account),
            "aws:sourcearn" => Fact::OneOf(self.source.clone()),
            "s3:x-amz-acl" => self.acl.map_or(Fact::Absent, Fact::text),
            "aws:principalisawsservice" => Fact::text("true"),
            // True for calls in somebody's name alone; the export service calls in its own.
            "aws:viaawsservice" => Fact::text("false"),
            "aws:principalservicename" => Fact::OneOf(service.accepted.iter().map(Text::exact).collect()),
            // AWS takes nothing older than TLS 1.2 since 2024.
            "s3:tlsversion" => Fact::OneOf(["1.2", "1.3"].map(Text::exact).to_vec()),
            _ if is_absent(&key) => Fact::Absent,
            _ => Fact::Undocumented,
        }
    }
}

/// The forms `aws:SourceArn` may have: AWS's example `…:log-group:*` takes the log group's ARN with `:*` at its end and
/// without, and does not tell which is sent.
fn source_arns(export: &Export) -> Vec<Text> {
    let Partition { name, .. } = Partition::of(&export.region);
    let groups = format!("arn:{name}:logs:{}:{}:log-group:", export.region, export.account);
    match &export.group {
        Some(group) => vec![Text::exact(format!("{groups}{group}")), Text::exact(format!("{groups}{group}:*"))],
        None => vec![Text::beginning(groups)],
    }
}

/// Keys that a service's call in its own name does not carry (IAM user guide, global condition keys): those about the
/// network it came from, about a principal with an account, and about somebody in whose name it is made.
const ABSENT: &[&str] = &[
    "aws:calledvia",
    "aws:calledviafirst",
    "aws:calledvialast",
    "aws:ec2instancesourceprivateipv4",
    "aws:ec2instancesourcevpc",
    "aws:federatedprovider",
    "aws:multifactorauthage",
    "aws:multifactorauthpresent",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:referer",
    "aws:sourceidentity",
    "aws:sourceip",
    "aws:sourcevpc",
    "aws:sourcevpcarn",
    "aws:sourcevpce",
    "aws:username",
    "aws:vpceaccount",
    "aws:vpceorgid",
    "aws:vpceorgpaths",
    "aws:vpcsourceip",
];

/// The beginning of keys for the tags of a principal, which a service has not.
const PRINCIPAL_TAG: &str = "aws:principaltag/";

fn is_absent(key: &str) -> bool {
    ABSENT.contains(&key) || key.starts_with(PRINCIPAL_TAG)
}

#[cfg(test)]
mod tests {
    use super::super::export::tests::export;
    use super::*;

    #[test]
    fn puts_go_to_the_write_test_and_below_the_prefix() {
        let keys = |export: &Export| Call::put_objects(export).map(|call| call.resource);
        let arn = "arn:aws:s3:::acme-logs";
        assert_eq!(
            keys(&export()),
            [Text::exact(format!("{arn}/exports/aws-logs-write-test")), Text::beginning(format!("{arn}/exports/"))]
        );
        let bare = Export { prefix: None, ..export() };
        assert_eq!(
            keys(&bare),
            [Text::exact(format!("{arn}/aws-logs-write-test")), Text::beginning(format!("{arn}/exportedlogs/"))]
        );
    }

    #[test]
    fn keys_are_found_in_any_letter_case() {
        let call = Call::get_bucket_acl(&export());
        assert_eq!(call.fact("AWS:sourceaccount"), Fact::text("123456789012"));
        assert_eq!(call.fact("aws:PrincipalTag/team"), Fact::Absent);
        assert_eq!(call.fact("aws:SourceIp"), Fact::Absent);
        assert_eq!(call.fact("s3:x-amz-acl"), Fact::Absent, "a look at an ACL puts none");
        assert_eq!(call.fact("s3:x-amz-server-side-encryption"), Fact::Undocumented);
    }

    #[test]
    fn in_china_the_common_suffix_is_doubtful() {
        let names = ServiceNames::of_logs(&Region("cn-north-1".to_owned()));
        assert_eq!(names.accepted, ["logs.cn-north-1.amazonaws.com.cn", "logs.amazonaws.com.cn"]);
        assert_eq!(names.doubtful, ["logs.cn-north-1.amazonaws.com", "logs.amazonaws.com"]);
        assert_eq!(ServiceNames::of_logs(&Region("us-gov-west-1".to_owned())).doubtful, [""; 0]);
    }

    #[test]
    fn the_list_of_absent_keys_is_in_the_letter_case_it_is_searched_in() {
        assert!(ABSENT.is_sorted() && ABSENT.iter().all(|key| *key == key.to_ascii_lowercase()));
    }
}
