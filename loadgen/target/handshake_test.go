package target

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"testing"
	"time"
)

func TestSlowHandshake(t *testing.T) {
	s, _ := start(t, Config{TLS: true, HandshakeDelay: 50 * time.Millisecond})
	for _, h2 := range []bool{false, true} {
		client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: h2}}
		for i, atLeast := range []time.Duration{50 * time.Millisecond, 0} {
			began := time.Now()
			resp, err := client.Get(s.URL() + "/ping")
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			took := time.Since(began)
			if took < atLeast || resp.StatusCode != 200 || (resp.ProtoMajor == 2) != h2 {
				t.Errorf("request %d: %s after %s with status %d, want at least %s", i+1, resp.Proto, took, resp.StatusCode, atLeast)
			}
		}
		client.CloseIdleConnections()
	}
}

func TestCertificateIncludesTheSecondHost(t *testing.T) {
	c, err := tlsConfig(0, "127.0.0.1", "auth.example", "")
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(c.Certificates[0].Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"127.0.0.1", "auth.example"} {
		if err := leaf.VerifyHostname(name); err != nil {
			t.Error(err)
		}
	}
}
