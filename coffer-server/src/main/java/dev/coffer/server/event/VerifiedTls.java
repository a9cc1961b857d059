package dev.coffer.server.event;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** TLS to a server that has shown that it has the name it was called by. */
final class VerifiedTls {
    private VerifiedTls() {}

    /**
     * Makes the handshake over a connection, which is closed with the answer.
     *
     * @param host as in certificates: an IPv6 address without brackets
     * @throws IOException if the server is another, or trusts nothing in common
     */
    static Socket over(SSLSocketFactory factory, Socket socket, String host, int port) throws IOException {
        if (!(factory.createSocket(socket, host, port, true) instanceof SSLSocket channel)) {
            throw new IOException("the JDK gave no TLS");
        }
        var parameters = channel.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        channel.setSSLParameters(parameters);
        channel.startHandshake();
        return channel;
    }
}
