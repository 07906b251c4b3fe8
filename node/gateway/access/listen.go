package access

import (
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"sync"
)

// Listen listens on the configured address, with TLS if there is a certificate, and limits connections per host.
func (d *Control) Listen() (net.Listener, error) {
	c := d.config
	socket, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return nil, err
	}
	l := newCrowd(socket, maxConnections, maxPerHost)
	if c.TLSCert == "" {
		return l, nil
	}
	k := &keyPair{cert: c.TLSCert, key: c.TLSKey, failures: failureLog{log: c.Log, what: "the certificate file cannot be used; the previous certificate stays in use"}}
	if _, err := k.current(nil); err != nil {
		l.Close()
		return nil, err
	}
	return tls.NewListener(l, &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}, GetCertificate: k.current}), nil
}

// keyPair is a certificate that is read again when its file changes. If that fails, the previous one stays in use and a warning is
// logged.
type keyPair struct {
	cert, key string
	failures  failureLog

	mu    sync.Mutex
	stamp string
	pair  *tls.Certificate
}

func (k *keyPair) current(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	stamp, err := stampOf(k.cert, k.key)
	if err == nil && (k.pair == nil || stamp != k.stamp) {
		var pair tls.Certificate
		if pair, err = tls.LoadX509KeyPair(k.cert, k.key); err == nil {
			k.pair, k.stamp = &pair, stamp
		}
	}
	if k.pair != nil {
		k.failures.record(err)
	} else {
		return nil, fmt.Errorf("read the certificate: %w", err)
	}
	return k.pair, nil
}

// stampOf returns a value that changes when any of the files is written or replaced.
func stampOf(paths ...string) (stamp string, err error) {
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil {
			return "", err
		}
		stamp += fmt.Sprintf("%d %d ", info.ModTime().UnixNano(), info.Size())
	}
	return stamp, nil
}
