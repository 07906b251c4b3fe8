package script

import (
	"strings"

	"landfall/loadgen"
	"landfall/loadgen/field"
)

// viaProxy returns what the head of a plain request needs if a forward proxy sends it on: the origin, for a URL in absolute form (RFC 9112
// section 3.2.2), and the Proxy-Authorization line. To an https target the proxy opens a tunnel, in which requests are as without it.
func (c compiler) viaProxy(s *scripted) (origin, line string, err error) {
	if c.spec.Proxy == "" {
		return "", "", nil
	}
	if _, has := loadgen.HeaderOf(s.Request.Headers, "Host"); has {
		return "", "", field.Wrong(c.field+"headers", "Host", aboutHost)
	}
	to, err := loadgen.ParseTarget("target", c.spec.Target)
	if err != nil || to.Scheme == "https" {
		return "", "", err
	}
	proxy, err := loadgen.ParseTarget("proxy", c.spec.Proxy)
	if err != nil {
		return "", "", err
	}
	if value := proxy.ProxyAuthorization(); value != "" {
		line = "Proxy-Authorization: " + value + "\r\n"
	}
	return "http://" + strings.ToLower(loadgen.HostHeader(to.URL)), line, nil
}

// aboutHost returns why a request through a proxy must not have a Host header of its own.
const aboutHost = "a proxy might route the request by it: remove this header"
