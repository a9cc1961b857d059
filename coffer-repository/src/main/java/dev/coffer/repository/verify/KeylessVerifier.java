package dev.coffer.repository.verify;

import dev.coffer.core.repository.Finding;
import dev.coffer.core.repository.VerifyReport;
import dev.coffer.core.store.BlobInfo;
import dev.coffer.core.store.BlobStore;
import dev.coffer.repository.format.BlobNames;
import java.util.ArrayList;
import java.util.List;

/**
 * Verifies a vault without its keys: every blob against its digest. It finds all damage to what is there; that a blob is missing, only the keys can tell, and which recovery points are affected.
 */
public final class KeylessVerifier {
    private final BlobStore store;

    public KeylessVerifier(BlobStore store) {
        this.store = store;
    }

    /** Reads every byte of the vault once. */
    public VerifyReport verify() throws InterruptedException {
        var blobs = new ArrayList<BlobInfo>();
        store.list("", info -> {
            blobs.add(info);
            return true;
        });
        var findings = new ArrayList<Finding>();
        long found = 0;
        long packs = 0;
        long bytes = 0;
        long points = 0;
        for (var info : blobs) {
            var damage = BlobCheck.damage(store, info);
            if (damage.isPresent()) {
                found++;
                if (findings.size() < VerifyReport.FINDINGS_AT_MOST) {
                    findings.add(new Finding(info.key().value(), damage.get(), List.of(), false));
                }
            }
            if (info.key().value().startsWith(BlobNames.PACKS)) {
                packs++;
                bytes += info.size();
            } else if (info.key().value().startsWith(BlobNames.POINTS)) {
                points++;
            }
        }
        return new VerifyReport(points, packs, packs, bytes, findings, found);
    }
}
