package engine

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"landfall/loadgen"
)

// authority is a CA for tests.
type authority struct {
	t    *testing.T
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
	pem  string
}

func newAuthority(t *testing.T) *authority {
	a := &authority{t: t}
	a.cert, a.key, a.pem, _ = a.issue(&x509.Certificate{
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign, NotAfter: time.Now().Add(time.Hour), Subject: pkix.Name{CommonName: "CA"},
	})
	return a
}

// issue creates a certificate, self-signed if there is no authority yet.
func (a *authority) issue(template *x509.Certificate) (cert *x509.Certificate, key *ecdsa.PrivateKey, certPEM, keyPEM string) {
	a.t.Helper()
	fail := func(err error) {
		if err != nil {
			a.t.Fatal(err)
		}
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	fail(err)
	template.SerialNumber, template.NotBefore = big.NewInt(time.Now().UnixNano()), time.Now().Add(-2*time.Hour)
	parent, signer := a.cert, a.key
	if parent == nil {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	fail(err)
	cert, err = x509.ParseCertificate(der)
	fail(err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	fail(err)
	block := func(kind string, b []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: b}))
	}
	return cert, key, block("CERTIFICATE", der), block("PRIVATE KEY", private)
}

// server serves https with a certificate for shop.test that expires at until.
func (a *authority) server(until time.Time, config *tls.Config) *rig {
	_, _, cert, key := a.issue(&x509.Certificate{DNSNames: []string{"shop.test"}, NotAfter: until})
	pair, err := tls.X509KeyPair([]byte(cert), []byte(key))
	if err != nil {
		a.t.Fatal(err)
	}
	config.Certificates = []tls.Certificate{pair}
	return serve(a.t, func(w http.ResponseWriter, q *http.Request) {
		if names := q.TLS.PeerCertificates; q.TLS.ServerName != "shop.test" || config.ClientCAs != nil && names[0].Subject.CommonName != "ana" {
			w.WriteHeader(500)
		}
	}, func(s *httptest.Server) { s.TLS = config; s.StartTLS() })
}

func TestWhomTLSTrusts(t *testing.T) {
	t.Parallel()
	ours, other := newAuthority(t), newAuthority(t)
	_, _, cert, key := ours.issue(&x509.Certificate{Subject: pkix.Name{CommonName: "ana"}, NotAfter: time.Now().Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	clients := x509.NewCertPool()
	clients.AddCert(ours.cert)
	good := ours.server(time.Now().Add(time.Hour), &tls.Config{})
	expired := ours.server(time.Now().Add(-time.Hour), &tls.Config{})
	asking := ours.server(time.Now().Add(time.Hour), &tls.Config{ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: clients})
	for _, c := range []struct {
		name string
		rig  *rig
		tls  loadgen.TLS
		ok   bool
	}{
		{"CA and name", good, loadgen.TLS{CA: ours.pem, ServerName: "shop.test"}, true},
		{"a wrong name", good, loadgen.TLS{CA: ours.pem, ServerName: "elsewhere.test"}, false},
		{"a wrong CA", good, loadgen.TLS{CA: other.pem, ServerName: "shop.test"}, false},
		{"the system's CAs", good, loadgen.TLS{ServerName: "shop.test"}, false},
		{"expired", expired, loadgen.TLS{CA: ours.pem, ServerName: "shop.test"}, false},
		{"expired, but insecure", expired, loadgen.TLS{Insecure: true, ServerName: "shop.test"}, true},
		{"a client certificate", asking, loadgen.TLS{CA: ours.pem, ServerName: "shop.test", Cert: cert, Key: key}, true},
		{"no client certificate", asking, loadgen.TLS{CA: ours.pem, ServerName: "shop.test"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			polls(t, func(t *testing.T, o Options) {
				out := carry(t, loadgen.Spec{Target: c.rig.url, Count: 12, Connections: 4, TLS: c.tls}, o, loadgen.Share{}, nil)
				if n := out.Total.Statuses["200"]; c.ok && n != 12 || !c.ok && out.Total.Errors[loadgen.ErrTLS] != 12 {
					t.Errorf("%+v", out.Total)
				}
			})
		})
	}
}

// Connections whose handshake never completes do not delay other connections of the same loop.
func TestHandshakesDelayNoOtherClient(t *testing.T) {
	ours := newAuthority(t)
	r := ours.server(time.Now().Add(time.Hour), &tls.Config{})
	polls(t, func(t *testing.T, o Options) {
		o.Threads = 1
		spec := loadgen.Spec{Target: "https://" + halfSilent(t, r.url[len("https://"):]), Duration: loadgen.Duration(3 * time.Second), Connections: 8, Timeout: loadgen.Duration(2 * time.Second),
			TLS: loadgen.TLS{CA: ours.pem, ServerName: "shop.test"}}
		out := carry(t, spec, o, loadgen.Share{}, nil)
		if out.Total.Errors[loadgen.ErrTimeout] < 2 || out.Total.Responses < 50 {
			t.Errorf("%+v", out.Total)
		}
	})
}

// halfSilent does not respond on every other connection, and forwards the rest to another address.
func halfSilent(t *testing.T, to string) (addr string) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	go func() {
		for n := 0; ; n++ {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			if n%2 == 0 {
				go func() { defer c.Close(); _, _ = io.Copy(io.Discard, c) }() // no response
				continue
			}
			up, err := net.Dial("tcp", to)
			if err != nil {
				c.Close()
				continue
			}
			go func() { defer up.Close(); _, _ = io.Copy(up, c) }()
			go func() { defer c.Close(); _, _ = io.Copy(c, up) }()
		}
	}()
	return ln.Addr().String()
}
