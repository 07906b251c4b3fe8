package gateway

import (
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"sync"
	"time"
)

func listen(c Config) (net.Listener, error) {
	l, err := net.Listen("tcp", c.Listen)
	if err != nil || c.TLSCert == "" {
		return l, err
	}
	k := &keyPair{cert: c.TLSCert, key: c.TLSKey}
	if _, err := k.current(nil); err != nil {
		l.Close()
		return nil, err
	}
	return tls.NewListener(l, &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}, GetCertificate: k.current}), nil
}

// keyPair is a certificate that is read again when its file changes. One that cannot be read leaves the last one in place.
type keyPair struct {
	cert, key string

	mu      sync.Mutex
	changed time.Time
	pair    *tls.Certificate
}

func (k *keyPair) current(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	at, err := changedAt(k.cert, k.key)
	if err == nil && (k.pair == nil || !at.Equal(k.changed)) {
		var pair tls.Certificate
		if pair, err = tls.LoadX509KeyPair(k.cert, k.key); err == nil {
			k.pair, k.changed = &pair, at
		}
	}
	if k.pair == nil {
		return nil, fmt.Errorf("read the certificate: %w", err)
	}
	return k.pair, nil
}

// changedAt is when the newest of some files was written.
func changedAt(paths ...string) (newest time.Time, err error) {
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil {
			return newest, err
		}
		if info.ModTime().After(newest) {
			newest = info.ModTime()
		}
	}
	return newest, nil
}
