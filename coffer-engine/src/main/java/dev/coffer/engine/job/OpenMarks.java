package dev.coffer.engine.job;

import dev.coffer.core.connector.FeedMark;
import dev.coffer.core.repository.RecoveryPointReader;
import dev.coffer.core.repository.Repository;
import java.util.ArrayList;
import java.util.List;

/** The marks that a restore needs, open; at least one. */
record OpenMarks(List<FeedMark> marks) implements AutoCloseable {
    static OpenMarks of(Repository repository, RestoreMoment moment) throws InterruptedException {
        var marks = new OpenMarks(new ArrayList<>());
        try {
            for (var mark : moment.marks()) {
                marks.marks.add(new FeedMark(
                        mark.kind(),
                        mark.position(),
                        repository.open(moment.series().session(mark.number()))));
            }
            return marks;
        } catch (RuntimeException | InterruptedException failure) {
            marks.close();
            throw failure;
        }
    }

    RecoveryPointReader newest() {
        return marks.getLast().reader();
    }

    @Override
    public void close() {
        marks.forEach(mark -> mark.reader().close());
    }
}
