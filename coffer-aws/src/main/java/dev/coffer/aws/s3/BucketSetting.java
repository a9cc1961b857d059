package dev.coffer.aws.s3;

import java.util.Optional;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutBucketAccelerateConfigurationRequest;
import software.amazon.awssdk.services.s3.model.PutBucketAclRequest;
import software.amazon.awssdk.services.s3.model.PutBucketCorsRequest;
import software.amazon.awssdk.services.s3.model.PutBucketEncryptionRequest;
import software.amazon.awssdk.services.s3.model.PutBucketLifecycleConfigurationRequest;
import software.amazon.awssdk.services.s3.model.PutBucketLoggingRequest;
import software.amazon.awssdk.services.s3.model.PutBucketNotificationConfigurationRequest;
import software.amazon.awssdk.services.s3.model.PutBucketOwnershipControlsRequest;
import software.amazon.awssdk.services.s3.model.PutBucketPolicyRequest;
import software.amazon.awssdk.services.s3.model.PutBucketReplicationRequest;
import software.amazon.awssdk.services.s3.model.PutBucketRequestPaymentRequest;
import software.amazon.awssdk.services.s3.model.PutBucketTaggingRequest;
import software.amazon.awssdk.services.s3.model.PutBucketVersioningRequest;
import software.amazon.awssdk.services.s3.model.PutBucketWebsiteRequest;
import software.amazon.awssdk.services.s3.model.PutObjectLockConfigurationRequest;
import software.amazon.awssdk.services.s3.model.PutPublicAccessBlockRequest;

/** The settings of a bucket, each kept as JSON in an item {@code bucket/NAME.json}: what the AWS CLI's {@code get-} command prints. They are put in this order. */
enum BucketSetting {
    VERSIONING("versioning", "GetBucketVersioning", "PutBucketVersioning") {
        @Override
        SdkPojo get(S3Client client, String bucket) {
            return client.getBucketVersioning(r -> r.bucket(bucket));
        }

        @Override
        void put(S3Client client, String bucket, String json) {
            client.putBucketVersioning(PutBucketVersioningRequest.builder()
                    .bucket(bucket)
                    .versioningConfiguration(c -> PojoJson.fill(c, json))
                    .build());
        }
    },
    OWNERSHIP("ownership-controls", "GetBucketOwnershipControls", "PutBucketOwnershipControls") {
        @Override
        SdkPojo get(S3Client client, String bucket) {
            return client.getBucketOwnershipControls(r -> r.bucket(bucket));
        }

        @Override
        void put(S3Client client, String bucket, String json) {
            client.putBucketOwnershipControls(PojoJson.fill(PutBucketOwnershipControlsRequest.builder(), json)
                    .bucket(bucket)
                    .build());
        }
    },
    PUBLIC_ACCESS("public-access-block", "GetPublicAccessBlock", "PutPublicAccessBlock") {
        @Override
        SdkPojo get(S3Client client, String bucket) {
            return client.getPublicAccessBlock(r -> r.bucket(bucket));
        }

        @Override
        void put(S3Client client, String bucket, String json) {
            client.putPublicAccessBlock(PojoJson.fill(PutPublicAccessBlockRequest.builder(), json)
                    .bucket(bucket)
                    .build());
        }
    },
    ENCRYPTION("encryption", "GetBucketEncryption", "PutBucketEncryption") {
        @Override
        SdkPojo get(S3Client client, String bucket) {
            return client.getBucketEncryption(r -> r.bucket(bucket));
        }

        @Override
        void put(S3Client client, String bucket, String json) {
            client.putBucketEncryption(PojoJson.fill(PutBucketEncryptionRequest.builder(), json)
                    .bucket(bucket)
                    .build());
        }
    },
    TAGGING("tagging", "GetBucketTagging", "PutBucketTagging") {
        @Override
        SdkPojo get(S3Client client, String bucket) {
            return client.getBucketTagging(r -> r.bucket(bucket));
        }

        @Override
        void put(S3Client client, String bucket, String json) {
            client.putBucketTagging(PutBucketTaggingRequest.builder()
                    .bucket(bucket)
                    .tagging(t -> PojoJson.fill(t, json))
                    .build());
        }
    },
    LIFECYCLE("lifecycle", "GetBucketLifecycleConfiguration", "PutBucketLifecycleConfiguration") {
        @Override
        SdkPojo get(S3Client client, String bucket) {
            return client.getBucketLifecycleConfiguration(r -> r.bucket(bucket));
        }

        @Override
        void put(S3Client client, String bucket, String json) {
            client.putBucketLifecycleConfiguration(PutBucketLifecycleConfigurationRequest.builder()
                    .bucket(bucket)
                    .lifecycleConfiguration(c -> PojoJson.fill(c, json))
                    .build());
        }
    },
    CORS("cors", "GetBucketCors", "PutBucketCors") {
        @Override
        SdkPojo get(S3Client client, String bucket) {
            return client.getBucketCors(r -> r.bucket(bucket));
        }

        @Override
        void put(S3Client client, String bucket, String json) {
            client.putBucketCors(PutBucketCorsRequest.builder()
                    .bucket(bucket)
                    .corsConfiguration(c -> PojoJson.fill(c, json))
                    .build());
        }
    },
    WEBSITE("website", "GetBucketWebsite", "PutBucketWebsite") {
        @Override
        SdkPojo get(S3Client client, String bucket) {
            return client.getBucketWebsite(r -> r.bucket(bucket));
        }

        @Override
        void put(S3Client client, String bucket, String json) {
            client.putBucketWebsite(PutBucketWebsiteRequest.builder()
                    .bucket(bucket)
                    .websiteConfiguration(c -> PojoJson.fill(c, json))
                    .build());
        }
    },
    PAYMENT("request-payment", "GetBucketRequestPayment", "PutBucketRequestPayment") {
        @Override
        SdkPojo get(S3Client client, String bucket) {
            return client.getBucketRequestPayment(r -> r.bucket(bucket));
        }

        @Override
        void put(S3Client client, String bucket, String json) {
            client.putBucketRequestPayment(PutBucketRequestPaymentRequest.builder()
                    .bucket(bucket)
                    .requestPaymentConfiguration(c -> PojoJson.fill(c, json))
                    .build());
        }
    },
    ACCELERATE("accelerate", "GetBucketAccelerateConfiguration", "PutBucketAccelerateConfiguration") {
        @Override
        SdkPojo get(S3Client client, String bucket) {
            return client.getBucketAccelerateConfiguration(r -> r.bucket(bucket));
        }

        @Override
        void put(S3Client client, String bucket, String json) {
            client.putBucketAccelerateConfiguration(PutBucketAccelerateConfigurationRequest.builder()
                    .bucket(bucket)
                    .accelerateConfiguration(c -> PojoJson.fill(c, json))
                    .build());
        }
    },
    ACL("acl", "GetBucketAcl", "PutBucketAcl") {
        @Override
        SdkPojo get(S3Client client, String bucket) {
            return client.getBucketAcl(r -> r.bucket(bucket));
        }

        @Override
        void put(S3Client client, String bucket, String json) {
            client.putBucketAcl(PutBucketAclRequest.builder()
                    .bucket(bucket)
                    .accessControlPolicy(a -> PojoJson.fill(a, json))
                    .build());
        }
    },
    LOGGING("logging", "GetBucketLogging", "PutBucketLogging") {
        @Override
        SdkPojo get(S3Client client, String bucket) {
            return client.getBucketLogging(r -> r.bucket(bucket));
        }

        @Override
        void put(S3Client client, String bucket, String json) {
            client.putBucketLogging(PutBucketLoggingRequest.builder()
                    .bucket(bucket)
                    .bucketLoggingStatus(s -> PojoJson.fill(s, json))
                    .build());
        }
    },
    NOTIFICATION("notification", "GetBucketNotificationConfiguration", "PutBucketNotificationConfiguration") {
        @Override
        SdkPojo get(S3Client client, String bucket) {
            return client.getBucketNotificationConfiguration(r -> r.bucket(bucket));
        }

        @Override
        void put(S3Client client, String bucket, String json) {
            client.putBucketNotificationConfiguration(PutBucketNotificationConfigurationRequest.builder()
                    .bucket(bucket)
                    .notificationConfiguration(c -> PojoJson.fill(c, json))
                    .build());
        }
    },
    REPLICATION("replication", "GetBucketReplication", "PutBucketReplication") {
        @Override
        SdkPojo get(S3Client client, String bucket) {
            var replication = client.getBucketReplication(r -> r.bucket(bucket));
            // Some endpoints answer with an empty one where there is none.
            return replication.replicationConfiguration() == null
                            || replication.replicationConfiguration().rules().isEmpty()
                    ? replication.toBuilder()
                            .replicationConfiguration(
                                    (software.amazon.awssdk.services.s3.model.ReplicationConfiguration) null)
                            .build()
                    : replication;
        }

        @Override
        void put(S3Client client, String bucket, String json) {
            client.putBucketReplication(PojoJson.fill(PutBucketReplicationRequest.builder(), json)
                    .bucket(bucket)
                    .build());
        }
    },
    OBJECT_LOCK("object-lock", "GetObjectLockConfiguration", "PutObjectLockConfiguration") {
        @Override
        SdkPojo get(S3Client client, String bucket) {
            return client.getObjectLockConfiguration(r -> r.bucket(bucket));
        }

        @Override
        void put(S3Client client, String bucket, String json) {
            client.putObjectLockConfiguration(PojoJson.fill(PutObjectLockConfigurationRequest.builder(), json)
                    .bucket(bucket)
                    .build());
        }
    },
    POLICY("policy", "GetBucketPolicy", "PutBucketPolicy") {
        @Override
        SdkPojo get(S3Client client, String bucket) {
            return client.getBucketPolicy(r -> r.bucket(bucket));
        }

        @Override
        void put(S3Client client, String bucket, String json) {
            client.putBucketPolicy(PojoJson.fill(PutBucketPolicyRequest.builder(), json)
                    .bucket(bucket)
                    .build());
        }
    };

    private final String fileName;
    private final String getAction;
    private final String putAction;

    BucketSetting(String name, String getAction, String putAction) {
        this.fileName = name + ".json";
        this.getAction = getAction;
        this.putAction = putAction;
    }

    String fileName() {
        return fileName;
    }

    abstract SdkPojo get(S3Client client, String bucket);

    abstract void put(S3Client client, String bucket, String json);

    /** The setting as JSON; empty if the bucket has none. */
    Optional<String> read(Calls calls, String bucket) throws InterruptedException {
        return PojoJson.text(calls.makeBriefly(getAction, "", client -> get(client, bucket)));
    }

    void write(Calls calls, String bucket, String json) throws InterruptedException {
        calls.<Boolean>make(putAction, "", client -> {
            put(client, bucket, json);
            return true;
        });
    }
}
