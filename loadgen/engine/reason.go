package engine

import (
	"errors"
	"net"
	"os"
	"strings"
)

// reason formats an error without the connection's own port, so that the text is the same for every
// connection.
func reason(err error) string {
	var dns *net.DNSError
	if errors.As(err, &dns) {
		if dns.IsTimeout {
			return "lookup of " + dns.Name + " timed out"
		}
		return "lookup of " + dns.Name + ": " + dns.Err
	}
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		var texts []string
		for _, e := range joined.Unwrap() {
			texts = append(texts, reason(e))
		}
		return strings.Join(texts, "; ")
	}
	if strings.HasSuffix(err.Error(), "tls: no renegotiation") {
		return "the target asks for another TLS handshake on the connection, which only --portable can do"
	}
	switch e := err.(type) {
	case *net.OpError:
		switch {
		case e.Op == "remote error" || e.Op == "local error":
			return e.Error()
		case e.Op == "dial" && e.Addr != nil:
			return e.Addr.String() + ": " + reason(e.Err)
		}
		return reason(e.Err)
	case *os.SyscallError:
		return reason(e.Err)
	}
	return err.Error()
}

// Reasons of failed requests for which there is no error.
const (
	whyKilled       = "stopped before the response"
	whyUnsent       = "run ended before the request could be sent again"
	whyNotSentAgain = "no connection was free within the timeout to send the request again"
	whyNoAnswer     = "connection closed before the response"
	whyCut          = "connection closed within the response"
	whyLost         = "connection closed because nothing was received within the timeout"
	whyNoStream     = "target allows no streams on the connection"
	whyNoRoom       = "target did not accept a stream that it had allowed"
)
