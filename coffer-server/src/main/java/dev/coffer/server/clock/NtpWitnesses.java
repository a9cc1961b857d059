package dev.coffer.server.clock;

import dev.coffer.core.clock.TimeReading;
import dev.coffer.engine.clock.TimeWitnesses;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks time servers by SNTP (RFC 4330): one question to each, a second's patience. A server that does not answer, or not in the right form, says nothing. The answers are not authenticated; a random question makes
 * sure that only who sees it can answer.
 */
public final class NtpWitnesses implements TimeWitnesses {
    private static final Logger LOG = LoggerFactory.getLogger(NtpWitnesses.class);
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int LENGTH = 48;
    private static final byte CLIENT = 0x23;
    private static final int SERVER_MODE = 4;
    private static final int ORIGINATE = 24;
    private static final int TRANSMIT = 40;
    /** Seconds from 1900 to 1970, and how many an era has. */
    private static final long TO_1970 = 2_208_988_800L;

    private static final long ERA = 1L << 32;

    private final List<InetSocketAddress> servers;
    private final RandomGenerator random;

    /** @param servers are looked up at each question */
    public NtpWitnesses(List<InetSocketAddress> servers, RandomGenerator random) {
        this.servers = List.copyOf(servers);
        this.random = random;
    }

    @Override
    public List<TimeReading> readings() {
        var readings = new ArrayList<TimeReading>();
        for (var server : servers) {
            try {
                ask(server).ifPresent(at -> readings.add(new TimeReading(server.getHostString(), at)));
            } catch (IOException silent) {
                LOG.atInfo()
                        .addKeyValue("server", server.getHostString())
                        .addKeyValue("cause", silent.getMessage())
                        .log("a time server does not answer");
            }
        }
        return readings;
    }

    private Optional<Instant> ask(InetSocketAddress server) throws IOException {
        var question = ByteBuffer.allocate(LENGTH);
        long nonce = random.nextLong();
        question.put(0, CLIENT).putLong(TRANSMIT, nonce);
        try (var socket = new DatagramSocket()) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.connect(InetAddress.getByName(server.getHostString()), server.getPort());
            socket.send(new DatagramPacket(question.array(), LENGTH));
            var packet = new DatagramPacket(new byte[LENGTH], LENGTH);
            socket.receive(packet);
            return packet.getLength() == LENGTH ? time(ByteBuffer.wrap(packet.getData()), nonce) : Optional.empty();
        }
    }

    /** The time of an answer; empty if it answers another question, or its server has no time to tell. */
    static Optional<Instant> time(ByteBuffer answer, long nonce) {
        int first = answer.get(0);
        int stratum = answer.get(1);
        boolean hasTime = (first & 0xc0) != 0xc0 && stratum >= 1 && stratum <= 15;
        if (!hasTime || (first & 0x07) != SERVER_MODE || answer.getLong(ORIGINATE) != nonce) {
            return Optional.empty();
        }
        long seconds = Integer.toUnsignedLong(answer.getInt(TRANSMIT));
        long fraction = Integer.toUnsignedLong(answer.getInt(TRANSMIT + 4));
        // The counter begins again in 2036; what is before 1970 is after that.
        long since1970 = seconds - TO_1970 + (seconds < TO_1970 ? ERA : 0);
        return Optional.of(Instant.ofEpochSecond(since1970, (fraction * 1_000_000_000L) >>> 32));
    }
}
