package gateway

import (
	"crypto/tls"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"landfall/node/gateway/access/accesstest"
)

// TestTLS: the API and live updates are served over TLS only, with the certificate that is on disk when a client connects.
func TestTLS(t *testing.T) {
	dir := t.TempDir()
	now := time.Now()
	accesstest.WritePair(t, dir, 1, now)
	s := newSite(t, Config{TLSCert: filepath.Join(dir, "cert"), TLSKey: filepath.Join(dir, "key")})
	for serial := int64(1); serial <= 2; serial++ {
		accesstest.WritePair(t, dir, serial, now.Add(time.Duration(serial)*time.Minute))
		trusting := &tls.Config{InsecureSkipVerify: true}
		client := http.Client{Transport: &http.Transport{TLSClientConfig: trusting, DisableKeepAlives: true}}
		resp, err := client.Get("https://" + s.g.Addr() + "/livez")
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if got := resp.TLS.PeerCertificates[0].SerialNumber.Int64(); resp.StatusCode != http.StatusOK || got != serial {
			t.Errorf("%s with certificate %d, want %d", resp.Status, got, serial)
		}
		c, _, err := (&websocket.Dialer{TLSClientConfig: trusting}).Dial("wss://"+s.g.Addr()+"/api/v1/live", nil)
		if err != nil {
			t.Fatal(err)
		}
		c.Close()
	}
	if _, err := tls.Dial("tcp", s.g.Addr(), &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS11}); err == nil {
		t.Error("TLS 1.1 is accepted")
	}
	if resp, err := http.Get("http://" + s.g.Addr() + "/livez"); err == nil && resp.StatusCode == http.StatusOK {
		t.Error("it is served without TLS")
	}
}
