//! Partitions: the separate worlds AWS is cut into. A Region lies in one; ARNs and service principals spell it out.
//!
//! Pure. `domain::policy` writes and reads bucket policies with it.

use super::place::Region;

/// One partition, as ARNs and service principals name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Partition {
    /// The second part of every ARN: `aws`, `aws-cn`.
    pub name: &'static str,
    /// What the export service's principal ends in: `amazonaws.com`, `amazonaws.com.cn`.
    pub suffix: &'static str,
}

/// The partition of every Region whose code begins with none of [`OTHERS`].
const COMMERCIAL: Partition = Partition { name: "aws", suffix: "amazonaws.com" };

/// Beginnings of Region codes, and their partitions (botocore's partitions.json). That `logs` is among the few services
/// whose principal carries both the Region and the partition's own suffix is in the AWS CDK's region-info.
const OTHERS: [(&str, Partition); 5] = [
    ("cn-", Partition { name: "aws-cn", suffix: "amazonaws.com.cn" }),
    ("us-gov-", Partition { name: "aws-us-gov", suffix: "amazonaws.com" }),
    ("us-iso-", Partition { name: "aws-iso", suffix: "c2s.ic.gov" }),
    ("us-isob-", Partition { name: "aws-iso-b", suffix: "sc2s.sgov.gov" }),
    ("eusc-", Partition { name: "aws-eusc", suffix: "amazonaws.eu" }),
];

impl Partition {
    /// The partition `region` lies in.
    pub fn of(region: &Region) -> Self {
        let other = OTHERS.iter().find(|(beginning, _)| region.0.starts_with(beginning));
        other.map_or(COMMERCIAL, |(_, partition)| *partition)
    }

    /// The ARN of a bucket: `arn:aws:s3:::my-logs`.
    pub fn bucket_arn(self, bucket: &str) -> String {
        format!("arn:{}:s3:::{bucket}", self.name)
    }

    /// The principal of CloudWatch Logs in `region`, as AWS documents it for exports.
    pub fn logs_service(self, region: &Region) -> String {
        format!("logs.{region}.{}", self.suffix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_s_beginning_decides() {
        let named = |region: &str| {
            let region = Region(region.to_owned());
            let partition = Partition::of(&region);
            (partition.name, partition.logs_service(&region))
        };
        assert_eq!(named("eu-central-1"), ("aws", "logs.eu-central-1.amazonaws.com".to_owned()));
        assert_eq!(named("cn-north-1"), ("aws-cn", "logs.cn-north-1.amazonaws.com.cn".to_owned()));
        assert_eq!(named("us-gov-west-1"), ("aws-us-gov", "logs.us-gov-west-1.amazonaws.com".to_owned()));
        assert_eq!(named("us-isob-east-1").0, "aws-iso-b");
        assert_eq!(Partition::of(&Region("cn-north-1".to_owned())).bucket_arn("b"), "arn:aws-cn:s3:::b");
    }
}
