package shop

import (
	"net"
	"net/http"
)

// rightHost refuses requests to the wrong host name. Without a second host, every name is accepted.
func (s *Shop) rightHost(w http.ResponseWriter, r *http.Request) bool {
	if s.config.SecondHost == "" {
		return true
	}
	atSecond := hostName(r.Host) == s.config.SecondHost
	switch {
	case atSecond != (r.URL.Path == "/token"):
		s.refuse(w, r, Host, r.URL.Path+" is not served at "+r.Host)
	case atSecond && sentCookie(r):
		s.refuse(w, r, Host, "the session cookie belongs to another host")
	default:
		return true
	}
	return false
}

func hostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return host
}

func sentCookie(r *http.Request) bool {
	_, err := r.Cookie(cookieName)
	return err == nil
}
