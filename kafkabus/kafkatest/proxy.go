package kafkatest

import (
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
)

// FreeAddr returns a loopback address that nothing listens on.
func FreeAddr(t testing.TB) string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

// Proxy forwards connections to a broker, and drops responses on demand.
type Proxy struct {
	ln      net.Listener
	target  string
	answers atomic.Int64
	cut     atomic.Int64
	lost    atomic.Int64

	mu     sync.Mutex
	conns  map[net.Conn]bool
	silent bool
	wake   chan struct{} // closed when silent ends
}

// NewProxy listens on a free port; Serve makes it forward connections. It stops when the test ends.
func NewProxy(t testing.TB) *Proxy {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{ln: ln, conns: map[net.Conn]bool{}, wake: make(chan struct{})}
	t.Cleanup(p.close)
	return p
}

// Addr returns the listen address of the proxy.
func (p *Proxy) Addr() string { return p.ln.Addr().String() }

// Serve forwards connections to target.
func (p *Proxy) Serve(target string) {
	p.target = target
	go func() {
		for {
			c, err := p.ln.Accept()
			if err != nil {
				return
			}
			go p.pass(c)
		}
	}()
}

// CutEvery drops every nth response and closes its connection; 0: none.
func (p *Proxy) CutEvery(n int64) { p.cut.Store(n) }

// Lost returns the number of dropped responses.
func (p *Proxy) Lost() int64 { return p.lost.Load() }

// Silence makes all connections hang, including new ones, as if a cable were unplugged; false ends it.
func (p *Proxy) Silence(silent bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.silent && !silent {
		close(p.wake)
		p.wake = make(chan struct{})
	}
	p.silent = silent
}

func (p *Proxy) pass(client net.Conn) {
	broker, err := net.Dial("tcp", p.target)
	if err != nil {
		client.Close()
		return
	}
	p.keep(client, broker)
	go p.copy(broker, client, false)
	p.copy(client, broker, true)
}

func (p *Proxy) copy(to, from net.Conn, answers bool) {
	defer to.Close()
	defer from.Close()
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		p.hush()
		if every := p.cut.Load(); answers && every > 0 && p.answers.Add(1)%every == 0 {
			p.lost.Add(1)
			return
		}
		if _, err := to.Write(buffer[:n]); err != nil && err != io.EOF {
			return
		}
	}
}

// hush waits while the proxy is silent.
func (p *Proxy) hush() {
	p.mu.Lock()
	silent, wake := p.silent, p.wake
	p.mu.Unlock()
	if silent {
		<-wake
	}
}

func (p *Proxy) keep(conns ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		p.conns[c] = true
	}
}

func (p *Proxy) close() {
	p.ln.Close()
	p.Silence(false)
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		c.Close()
	}
}
