//! The bucket's default encryption: whether the export service can write with it (aws-facts section 7).

use serde_json::json;

use super::{Check, Finding, Remedy};
use crate::domain::inventory::Encryption;
use crate::domain::partition::Partition;
use crate::domain::place::Region;
use crate::domain::policy::pretty;
use crate::domain::problem::Problem;

const CHECK: Check = Check::Encryption;

/// The alias of the key S3 manages itself. Its policy cannot be changed.
const AWS_MANAGED: &str = "alias/aws/s3";

/// Whether the service can write into a bucket with this default encryption in `region`; with `allow_kms` a person
/// takes it upon himself that a customer-managed key lets the service in.
pub fn encryption(region: &Region, answer: &Result<Encryption, Problem>, allow_kms: bool) -> Finding {
    match answer {
        Err(problem) => Finding::unchecked(CHECK, problem),
        Ok(Encryption::S3) => Finding::pass(CHECK, "SSE-S3 (AES-256)"),
        // S3 itself encrypts every bucket since 2023; emulators do not.
        Ok(Encryption::None) => Finding::pass(CHECK, "no default encryption is set"),
        Ok(Encryption::Kms(Some(key))) if !key.ends_with(AWS_MANAGED) => customer_key(region, key, allow_kms),
        Ok(Encryption::Kms(_)) => {
            refused("SSE-KMS with the AWS-managed key aws/s3, whose policy cannot let the logs service in")
        }
        Ok(Encryption::KmsDual) => refused("DSSE-KMS, which the export service refuses"),
        Ok(Encryption::Other(name)) => Finding::warn(
            CHECK,
            format!("{name} is not known here: whether the service can write with it is not either"),
        ),
    }
}

fn refused(reason: &str) -> Finding {
    Finding::block(CHECK, reason)
        .with(Remedy::Direct("choose a bucket with SSE-S3 (AES-256) default encryption".to_owned()))
}

/// AWS's guide to exports rules SSE-KMS out; the service was seen to accept a customer-managed key that lets it in.
fn customer_key(region: &Region, key: &str, allow_kms: bool) -> Finding {
    if !allow_kms {
        let reason = "SSE-KMS with a customer-managed key, which AWS's guide to exports says is not supported";
        return Finding::block(CHECK, reason).with(Remedy::TrustKey);
    }
    Finding::warn(CHECK, format!("SSE-KMS: the export works only if the policy of {key} lets the logs service in"))
        .with(Remedy::KeyStatement(key_statement(region)))
}

/// What the key's policy must say. In a key policy, `*` is the key itself.
fn key_statement(region: &Region) -> String {
    let service = Partition::of(region).logs_service(region);
    let statement = json!({
        "Sid": "AllowCloudWatchLogsExports",
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": ["kms:GenerateDataKey", "kms:Decrypt"],
        "Resource": "*",
    });
    pretty(&statement.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::Verdict;
    use super::super::tests::denied;
    use super::*;

    fn found(encryption_answer: Encryption, allow_kms: bool) -> Finding {
        encryption(&Region("eu-central-1".to_owned()), &Ok(encryption_answer), allow_kms)
    }

    fn key(id: &str) -> Encryption {
        Encryption::Kms(Some(id.to_owned()))
    }

    #[test]
    fn verdicts_by_encryption() {
        const OWN: &str = "arn:aws:kms:eu-central-1:123456789012:key/1";
        const MANAGED: &str = "arn:aws:kms:eu-central-1:123456789012:alias/aws/s3";
        for (answer, verdict, with_kms_allowed) in [
            (Encryption::S3, Verdict::Pass, Verdict::Pass),
            (Encryption::None, Verdict::Pass, Verdict::Pass),
            (key(OWN), Verdict::Block, Verdict::Warn),
            (key(MANAGED), Verdict::Block, Verdict::Block),
            (Encryption::Kms(None), Verdict::Block, Verdict::Block),
            (Encryption::KmsDual, Verdict::Block, Verdict::Block),
            (Encryption::Other("new".to_owned()), Verdict::Warn, Verdict::Warn),
        ] {
            assert_eq!(found(answer.clone(), false).verdict, verdict, "{answer:?}");
            assert_eq!(found(answer.clone(), true).verdict, with_kms_allowed, "{answer:?} with --allow-kms");
        }
        let forbidden = encryption(&Region("x".to_owned()), &Err(denied("GetBucketEncryption")), true);
        assert_eq!(forbidden.verdict, Verdict::Unchecked);
    }

    #[test]
    fn an_allowed_key_comes_with_the_statement_it_needs() {
        let finding = found(key("k"), true);
        let statement: serde_json::Value =
            serde_json::from_str(finding.remedy.as_ref().and_then(Remedy::statement).unwrap()).unwrap();
        assert_eq!(statement["Principal"]["Service"], "logs.eu-central-1.amazonaws.com");
        assert_eq!(statement["Action"], json!(["kms:GenerateDataKey", "kms:Decrypt"]));
    }
}
