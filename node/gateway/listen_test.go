package gateway

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

func writePair(t *testing.T, dir string, serial int64, at time.Time) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(serial), NotAfter: time.Now().Add(time.Hour)}
	cert, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{"cert": {Type: "CERTIFICATE", Bytes: cert}, "key": {Type: "PRIVATE KEY", Bytes: secret}} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
}

func TestACertificateIsReadAgainWhenItChanges(t *testing.T) {
	dir, now := t.TempDir(), time.Now()
	var said bytes.Buffer
	k := &keyPair{cert: filepath.Join(dir, "cert"), key: filepath.Join(dir, "key"), worry: worry{log: slog.New(slog.NewTextHandler(&said, nil)), what: "worried"}}
	if _, err := k.current(nil); err == nil {
		t.Error("there is none yet")
	}
	serial := func() int64 {
		pair, err := k.current(nil)
		if err != nil {
			t.Fatal(err)
		}
		return pair.Leaf.SerialNumber.Int64()
	}
	for i := int64(1); i <= 2; i++ {
		writePair(t, dir, i, now.Add(time.Duration(i)*time.Minute))
		if n := serial(); n != i {
			t.Errorf("certificate %d, want %d", n, i)
		}
	}
	// One that is older than what it takes the place of is another one, too.
	writePair(t, dir, 3, now.Add(-time.Hour))
	if err := os.Chtimes(k.key, now, now.Add(2*time.Minute)); err != nil {
		t.Fatal(err)
	}
	if n := serial(); n != 3 {
		t.Errorf("certificate %d, want the older one that was put in place", n)
	}
	if err := os.WriteFile(k.cert, []byte("rubbish"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if n := serial(); n != 3 {
			t.Errorf("certificate %d after rubbish was written", n)
		}
	}
	if n := strings.Count(said.String(), "worried"); n != 1 {
		t.Errorf("the rubbish was spoken of %d times, want once:\n%s", n, said.String())
	}
}

// TestTLSIsWhatIsServed: with the certificate that is there when a client comes, for the API and for live updates.
func TestTLSIsWhatIsServed(t *testing.T) {
	dir := t.TempDir()
	now := time.Now()
	writePair(t, dir, 1, now)
	s := newSite(t, Config{TLSCert: filepath.Join(dir, "cert"), TLSKey: filepath.Join(dir, "key")})
	for serial := int64(1); serial <= 2; serial++ {
		writePair(t, dir, serial, now.Add(time.Duration(serial)*time.Minute))
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
		t.Error("TLS 1.1 is taken")
	}
	if resp, err := http.Get("http://" + s.g.Addr() + "/livez"); err == nil && resp.StatusCode == http.StatusOK {
		t.Error("it is served in the clear")
	}
}
