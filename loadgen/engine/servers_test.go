package engine

import (
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"landfall/loadgen"
)

// server is a real HTTP server: its configuration, and the command that starts it on a loopback port. dir holds index.html, cert.pem,
// key.pem and both.pem.
type server struct {
	program string
	config  string // BACKEND is the port of a backend that closes every connection after two responses
	args    func(config string) []string
}

var servers = map[string]server{
	"h2o": {"h2o", "user: root\nlisten: {host: 127.0.0.1, port: PORT}\nhosts:\n  default:\n    paths:\n      /: {file.dir: DIR}\n",
		func(config string) []string { return []string{"-c", config} }},
	"nginx": {"nginx", `daemon off; master_process off; pid DIR/pid; error_log stderr crit; events {}
http { access_log off; keepalive_requests 10; client_body_temp_path DIR; proxy_temp_path DIR; fastcgi_temp_path DIR; uwsgi_temp_path DIR; scgi_temp_path DIR;
server { listen 127.0.0.1:PORT http2; root DIR; } }`, func(config string) []string { return []string{"-c", config} }},
	"HAProxy": {"haproxy", `defaults
  mode http
  timeout connect 5s
  timeout client 5s
  timeout server 5s
frontend f
  bind 127.0.0.1:PORT proto h2
  default_backend b
backend b
  server s 127.0.0.1:BACKEND
`, func(config string) []string { return []string{"-f", config} }},
	"Caddy": {"caddy", "{\n admin off\n auto_https off\n}\nhttp://127.0.0.1:PORT {\n root * DIR\n file_server\n}\n",
		func(config string) []string { return []string{"run", "--adapter", "caddyfile", "--config", config} }},
	"Apache": {"apache2", `ServerName localhost
PidFile DIR/pid
ErrorLog /dev/null
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule ssl_module /usr/lib/apache2/modules/mod_ssl.so
LoadModule socache_shmcb_module /usr/lib/apache2/modules/mod_socache_shmcb.so
Listen 127.0.0.1:PORT
DocumentRoot DIR
SSLEngine on
SSLProtocol TLSv1.2
SSLCertificateFile DIR/cert.pem
SSLCertificateKeyFile DIR/key.pem
SSLCACertificateFile DIR/cert.pem
<Location "/index.html">
  SSLVerifyClient optional
</Location>
`, func(config string) []string { return []string{"-X", "-f", config} }},
}

// start runs a server until the test ends and returns its port. Without LANDFALL_SERVERS these tests are skipped, since they need system
// packages.
func (s server) start(t *testing.T) int {
	if os.Getenv("LANDFALL_SERVERS") == "" {
		t.Skip("LANDFALL_SERVERS is not set")
	}
	program, err := exec.LookPath(s.program)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	_, _, cert, key := newAuthority(t).issue(&x509.Certificate{NotAfter: time.Now().Add(time.Hour)})
	port := freePort(t)
	config := strings.NewReplacer("PORT", fmt.Sprint(port), "DIR", dir, "BACKEND", fmt.Sprint(closingBackend(t))).Replace(s.config)
	for name, text := range map[string]string{"index.html": "hello", "cert.pem": cert, "key.pem": key, "config": config} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var output strings.Builder
	c := exec.Command(program, s.args(filepath.Join(dir, "config"))...)
	c.Stdout, c.Stderr, c.WaitDelay = &output, &output, time.Second
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
		if t.Failed() {
			t.Log(output.String())
		}
	})
	waitFor(t, func() bool {
		conn, err := net.Dial("tcp", fmt.Sprint("127.0.0.1:", port))
		if err == nil {
			conn.Close()
		}
		return err == nil
	})
	if t.Failed() {
		t.FailNow()
	}
	return port
}

func freePort(t *testing.T) int {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().(*net.TCPAddr).Port
}

// closingBackend answers two requests on each connection and closes it without a Connection: close header.
func closingBackend(t *testing.T) int {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	misbehaveOn(t, ln, func(c net.Conn, n int) bool {
		_, err := fmt.Fprint(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
		return err == nil && n == 0
	})
	return ln.Addr().(*net.TCPAddr).Port
}

// Real servers answer every request over HTTP/2, with their header tables, their limits on requests per connection, and the faults of the
// backends behind them.
func TestRealServersOverHTTP2(t *testing.T) {
	for _, name := range []string{"h2o", "nginx", "HAProxy"} {
		t.Run(name, func(t *testing.T) {
			url := fmt.Sprintf("http://127.0.0.1:%d/index.html", servers[name].start(t))
			for _, o := range []Options{{Threads: 2}, {Threads: 2, Portable: true}} {
				out := carry(t, loadgen.Spec{Target: url, HTTP2: true, Streams: 8, Connections: 4, Count: 2000}, o, loadgen.Share{}, nil)
				if got := out.Total; got.Responses != got.Requests || got.Statuses["200"] < 1900 {
					t.Errorf("%+v, %+v", got, out.failures)
				}
			}
		})
	}
}

func TestRealServersOverHTTP1(t *testing.T) {
	for _, name := range []string{"h2o", "Caddy"} {
		t.Run(name, func(t *testing.T) {
			url := fmt.Sprintf("http://127.0.0.1:%d/index.html", servers[name].start(t))
			out := carry(t, loadgen.Spec{Target: url, Connections: 4, Count: 2000}, Options{Threads: 2}, loadgen.Share{}, nil)
			if out.Total.Statuses["200"] != 2000 {
				t.Errorf("%+v, %+v", out.Total, out.failures)
			}
		})
	}
}

// Apache requests a client certificate in a second handshake. The portable loop supports this; the other one reports why it cannot.
func TestApacheAsksForAnotherHandshake(t *testing.T) {
	spec := loadgen.Spec{Target: fmt.Sprintf("https://127.0.0.1:%d/index.html", servers["Apache"].start(t)), Count: 20, Connections: 2, TLS: loadgen.TLS{Insecure: true}}
	if got := carry(t, spec, Options{Portable: true}, loadgen.Share{}, nil).Total; got.Statuses["200"] != 20 {
		t.Errorf("portable: %+v", got)
	}
	if !hasEpoll {
		return
	}
	out := carry(t, spec, Options{}, loadgen.Share{}, nil)
	if n := out.why(loadgen.ErrTLS, "another TLS handshake"); n != 20 {
		t.Errorf("%+v, %+v", out.Total, out.failures)
	}
}
