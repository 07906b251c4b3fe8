package embedded

import (
	"cmp"
	"errors"
	"log/slog"
	"net"
	"time"
)

const acceptPause = 50 * time.Millisecond

// listener accepts guarded connections and gives kfake the advertised address, which it passes on to clients.
type listener struct {
	net.Listener
	addr   address
	log    *slog.Logger
	failed func(error)
}

type address string

func (address) Network() string  { return "tcp" }
func (a address) String() string { return string(a) }

func (l *listener) Addr() net.Addr { return l.addr }

// Accept retries after temporary errors, such as too many open files: kfake stops listening at the first error.
func (l *listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err == nil {
			return newGuard(c, l.log), nil
		}
		if errors.Is(err, net.ErrClosed) {
			l.failed(err) // no effect after Close
			return nil, err
		}
		l.log.Warn("cannot accept a connection", "err", err)
		time.Sleep(acceptPause)
	}
}

// advertised returns the address for clients: the listen address, unless another host or host:port is configured. For a wildcard
// address, it is the machine's first address other than loopback.
func advertised(listens net.Addr, wanted string) string {
	host, port, _ := net.SplitHostPort(listens.String())
	if h, p, err := net.SplitHostPort(wanted); err == nil {
		return net.JoinHostPort(h, cmp.Or(p, port))
	}
	if wanted != "" {
		return net.JoinHostPort(wanted, port)
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = cmp.Or(ownAddress(), "127.0.0.1")
	}
	return net.JoinHostPort(host, port)
}

func ownAddress() string {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return ""
	}
	for _, a := range addrs {
		if n, ok := a.(*net.IPNet); ok && n.IP.IsGlobalUnicast() && n.IP.To4() != nil {
			return n.IP.String()
		}
	}
	return ""
}
