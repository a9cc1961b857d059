#!/usr/bin/env python3
"""A small signed client of the AWS Backup API, for benchmarks: starting the aws command costs a second of processor time a call.

usage: coffer_api.py URL CREDENTIALS backup VAULT RESOURCE_ARN ROLE_ARN      prints the recovery point's ARN
       coffer_api.py URL CREDENTIALS restore POINT_ARN ROLE_ARN [METADATA]   prints the new resource's ARN; METADATA is JSON
       coffer_api.py URL CREDENTIALS delete VAULT POINT_ARN...               and frees their space
       coffer_api.py URL CREDENTIALS verify VAULT                            reads and opens every chunk
Waits until the job has ended; exit code 1 and the job's message if it did not complete.
"""
import configparser, datetime, hashlib, hmac, http.client, json, os, sys, time, urllib.parse


class Api:
    def __init__(self, url, credentials, profile="coffer"):
        file = configparser.ConfigParser()
        file.read(credentials)
        self.key, self.secret = file[profile]["aws_access_key_id"], file[profile]["aws_secret_access_key"]
        self.region = file[profile]["region"]
        self.host = urllib.parse.urlsplit(url).netloc
        self.connection = http.client.HTTPConnection(self.host)

    def exists(self, path):
        try:
            self.call("GET", path)
            return True
        except SystemExit:
            return False

    def call(self, method, path, body=None):
        payload = b"" if body is None else json.dumps(body).encode()
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        digest = hashlib.sha256(payload).hexdigest()
        headers = {"host": self.host, "x-amz-content-sha256": digest, "x-amz-date": now}
        names = ";".join(sorted(headers))
        plain, _, query = path.partition("?")
        canonical = "\n".join([method, urllib.parse.quote(plain), query]
                              + [f"{n}:{headers[n]}" for n in sorted(headers)] + ["", names, digest])
        scope = f"{now[:8]}/{self.region}/backup/aws4_request"
        to_sign = "\n".join(["AWS4-HMAC-SHA256", now, scope, hashlib.sha256(canonical.encode()).hexdigest()])
        key = ("AWS4" + self.secret).encode()
        for part in (now[:8], self.region, "backup", "aws4_request"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        signature = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
        headers["authorization"] = f"AWS4-HMAC-SHA256 Credential={self.key}/{scope}, SignedHeaders={names}, Signature={signature}"
        headers["content-type"] = "application/json"
        self.connection.request(method, path, payload, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            sys.exit(f"{method} {path}: {answer.status} {text.decode()}")
        return json.loads(text or "{}")

    def wait(self, path, state, done="COMPLETED"):
        begin = time.monotonic()
        while True:
            job = self.call("GET", path)
            if job[state] == done:
                return job
            if job[state] in ("FAILED", "ABORTED", "EXPIRED", "PARTIAL"):
                sys.exit(f"{job[state]}: {job.get('StatusMessage')}")
            # Asking costs the server time, so a long job is asked less often: within a hundredth of what it took.
            time.sleep(min(1, max(0.05, (time.monotonic() - begin) / 100)))


def maintain(api, vault, body):
    run = api.call("POST", f"/coffer/v1/vaults/{vault}/maintenance", body)
    done = api.wait("/coffer/v1/maintenance/" + run["RunId"], "State")
    print(json.dumps(done), file=sys.stderr)
    return done


def main(url, credentials, verb, *words):
    api = Api(url, credentials)
    if verb == "backup":
        vault, resource, role = words
        job = api.call("PUT", "/backup-jobs", {"BackupVaultName": vault, "ResourceArn": resource, "IamRoleArn": role})
        done = api.wait("/backup-jobs/" + job["BackupJobId"], "State")
        print(done["RecoveryPointArn"])
        print(json.dumps(done), file=sys.stderr)
    elif verb == "restore":
        point, role, *metadata = words
        wanted = json.loads(metadata[0]) if metadata else {"newFileSystem": "true"}
        job = api.call("PUT", "/restore-jobs", {"RecoveryPointArn": point, "IamRoleArn": role, "Metadata": wanted})
        done = api.wait("/restore-jobs/" + job["RestoreJobId"], "Status")
        print(done["CreatedResourceArn"])
        print(json.dumps(done), file=sys.stderr)
    elif verb == "delete":
        for point in words[1:]:
            path = f"/backup-vaults/{words[0]}/recovery-points/" + urllib.parse.quote(point, safe="")
            api.call("DELETE", path)
            while api.exists(path):
                time.sleep(0.05)
        maintain(api, words[0], {"Kind": "SWEEP"})
    elif verb == "verify":
        if not maintain(api, words[0], {"Kind": "VERIFY", "Depth": "CONTENT"})["Sound"]:
            sys.exit("the vault is damaged")
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:])
