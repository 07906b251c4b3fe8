package importer

import (
	"fmt"
	"net/url"
	"strings"
)

// proxyURL returns the proxy of --proxy and --proxy-user, or "". curl's default port of a proxy is 1080.
func (c *curlCommand) proxyURL() (string, error) {
	if c.proxy == "" || c.noProxy == "*" {
		return "", nil
	}
	if c.noProxy != "" {
		return "", fmt.Errorf("curl: option --noproxy %.60q: beside --proxy it must be *: remove one of the two", c.noProxy)
	}
	raw := c.proxy
	if !strings.Contains(raw, "://") {
		raw = "http://" + raw
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "http" {
		return "", fmt.Errorf("curl: option --proxy: must be the URL of an HTTP proxy, such as http://proxy.example:3128")
	}
	if u.Port() == "" {
		u.Host += ":1080"
	}
	if name, password, ok := strings.Cut(c.proxyUser, ":"); ok {
		u.User = url.UserPassword(name, password)
	} else if c.proxyUser != "" {
		return "", fmt.Errorf("curl: option --proxy-user: it has no password, which curl would prompt for; write user:password")
	}
	u.Path, u.RawQuery, u.Fragment = "", "", "" // curl ignores them
	return u.String(), nil
}
