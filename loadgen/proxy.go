package loadgen

import (
	"encoding/base64"
	"slices"
	"strings"

	"landfall/loadgen/field"
)

// checkProxy validates the proxy of a spec with scenarios.
func (s Spec) checkProxy() error {
	if s.Proxy == "" {
		return nil
	}
	to, err := ParseTarget("proxy", s.Proxy)
	switch {
	case err != nil || to.Scheme != "http" || to.Socket != "" || to.URL.Path != "" && to.URL.Path != "/":
		return field.Wrong("proxy", RedactURL(s.Proxy), "must be the URL of a forward proxy, such as http://proxy.example:3128")
	case socketOf(s.Target) != "":
		return field.Wrong("proxy", RedactURL(s.Proxy), "a Unix socket is not reached through a proxy")
	case s.HTTP2 && !s.onlyTLS():
		return field.Wrong("http2", true, "a proxy carries HTTP/2 to https targets only")
	case len(s.Resolve) > 0:
		return field.Wrong("resolve", s.Resolve[0], "a proxy resolves names itself")
	}
	return nil
}

// onlyTLS tells whether all hosts of the spec are https.
func (s Spec) onlyTLS() bool {
	return !slices.ContainsFunc(append(s.Origins(), s.Target), func(to string) bool { return !strings.HasPrefix(strings.ToLower(to), "https:") })
}

// ProxyAuthorization is the value of the header that a proxy's URL asks for; "": it has no user.
func (t Target) ProxyAuthorization() string {
	if t.URL == nil || t.URL.User == nil {
		return ""
	}
	password, _ := t.URL.User.Password()
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(t.URL.User.Username()+":"+password))
}
