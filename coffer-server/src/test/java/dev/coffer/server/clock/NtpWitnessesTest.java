package dev.coffer.server.clock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.coffer.core.clock.TimeReading;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NtpWitnessesTest {
    private static ByteBuffer answer(int first, int stratum, long nonce, long seconds, long fraction) {
        return ByteBuffer.allocate(48)
                .put(0, (byte) first)
                .put(1, (byte) stratum)
                .putLong(24, nonce)
                .putInt(40, (int) seconds)
                .putInt(44, (int) fraction);
    }

    @ParameterizedTest
    @CsvSource({
        "2208988800, 0,          1970-01-01T00:00:00Z",
        "3981312000, 2147483648, 2026-03-01T00:00:00.500Z",
        "4294967295, 0,          2036-02-07T06:28:15Z",
        "0,          0,          2036-02-07T06:28:16Z",
    })
    void theTimeOfAnAnswerIsRead(long seconds, long fraction, Instant expected) {
        assertThat(NtpWitnesses.time(answer(0x24, 2, 77, seconds, fraction), 77))
                .contains(expected);
    }

    @Test
    void whatAnswersAnotherQuestionOrHasNoTimeSaysNothing() {
        assertThat(NtpWitnesses.time(answer(0x24, 2, 78, 3_981_312_000L, 0), 77))
                .as("another question")
                .isEmpty();
        assertThat(NtpWitnesses.time(answer(0xe4, 2, 77, 3_981_312_000L, 0), 77))
                .as("not synchronized")
                .isEmpty();
        assertThat(NtpWitnesses.time(answer(0x24, 0, 77, 3_981_312_000L, 0), 77))
                .as("kiss of death")
                .isEmpty();
        assertThat(NtpWitnesses.time(answer(0x24, 16, 77, 3_981_312_000L, 0), 77))
                .as("no stratum")
                .isEmpty();
        assertThat(NtpWitnesses.time(answer(0x23, 2, 77, 3_981_312_000L, 0), 77))
                .as("a client's packet")
                .isEmpty();
    }

    @Test
    void aServerIsAskedAndASilentOneSaysNothing() throws Exception {
        try (var server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                var silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            var served = Thread.ofVirtual().start(() -> answerOne(server));
            var witnesses = new NtpWitnesses(
                    List.of(at(silent), InetSocketAddress.createUnresolved("no-such-host.invalid", 123), at(server)),
                    new Random(1));
            assertThat(witnesses.readings())
                    .containsExactly(
                            new TimeReading(at(server).getHostString(), Instant.parse("2026-03-01T00:00:00Z")));
            served.join();
        }
    }

    private static InetSocketAddress at(DatagramSocket socket) {
        return InetSocketAddress.createUnresolved(
                InetAddress.getLoopbackAddress().getHostAddress(), socket.getLocalPort());
    }

    private static void answerOne(DatagramSocket server) {
        try {
            var question = new DatagramPacket(new byte[48], 48);
            server.receive(question);
            long nonce = ByteBuffer.wrap(question.getData()).getLong(40);
            var reply = answer(0x24, 2, nonce, 3_981_312_000L, 0).array();
            server.send(new DatagramPacket(reply, reply.length, question.getSocketAddress()));
        } catch (java.io.IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        }
    }
}
