package importer

import (
	"encoding/base64"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"landfall/loadgen"
	"landfall/loadgen/template"
)

// importedHeaders are the headers of an input, by name in lower case.
type importedHeaders map[string]*importedHeader

type importedHeader struct {
	name   string
	values []string // none: the header is not sent
}

// set replaces a header.
func (h importedHeaders) set(name string, values ...string) {
	h[strings.ToLower(name)] = &importedHeader{name, values}
}

// offer sets a header unless it is set or removed already.
func (h importedHeaders) offer(name, value string) {
	if _, has := h[strings.ToLower(name)]; !has {
		h.set(name, value)
	}
}

// offerUser offers the Authorization header for the user of a URL, which may be nil.
func (h importedHeaders) offerUser(user *url.Userinfo) {
	if user != nil {
		password, _ := user.Password()
		h.offer("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(user.Username()+":"+password)))
	}
}

// add adds a value to a header.
func (h importedHeaders) add(name, value string) {
	if have, has := h[strings.ToLower(name)]; has {
		have.values = append(have.values, value)
		return
	}
	h.set(name, value)
}

// value returns the first value of a header, or "".
func (h importedHeaders) value(name string) string {
	if have, has := h[strings.ToLower(name)]; has && len(have.values) > 0 {
		return have.values[0]
	}
	return ""
}

// hopByHop are the headers that belong to a connection or are computed from the request. Those that may change the response have a note.
var hopByHop = map[string]string{
	"connection": "", "keep-alive": "", "proxy-connection": "", "content-length": "", "http2-settings": "",
	"transfer-encoding": "bodies are always sent with Content-Length",
	"te":                "trailers and transfer codings are not supported",
	"trailer":           "trailers are not sent",
	"upgrade":           "connections are not upgraded",
}

// sent returns the headers for a spec, or nil. Hop-by-hop headers and HTTP/2 pseudo-headers are left out; several values of a header are
// joined.
func (h importedHeaders) sent(i *imported) (map[string]string, error) {
	out := map[string]string{}
	for _, lower := range slices.Sorted(maps.Keys(h)) {
		header := h[lower]
		why, hop := hopByHop[lower]
		switch {
		case strings.HasPrefix(lower, ":"):
			continue
		case hop:
			if why != "" && !(lower == "te" && header.only("trailers")) {
				i.note("header %s is left out: %s", header.name, why)
			}
			continue
		case len(header.values) == 0:
			if lower == "user-agent" {
				out["User-Agent"] = "" // not sent
			} else if lower == "host" {
				return nil, fmt.Errorf("requests without a Host header cannot be sent")
			}
			continue
		}
		value, ok := loadgen.JoinHeader(lower, header.values)
		if !ok {
			return nil, fmt.Errorf("header %s is given %d times: it must be given once", header.name, len(header.values))
		}
		if len(header.values) > 1 && lower != "cookie" {
			i.note("header %s is given %d times: its values are sent as one header, separated by commas", header.name, len(header.values))
		}
		out[header.name] = template.Literal(value)
	}
	if len(out) == 0 {
		return nil, nil
	}
	return out, nil
}

func (h *importedHeader) only(value string) bool {
	return len(h.values) == 1 && strings.EqualFold(h.values[0], value)
}

// header parses the argument of --header: "Name: value", "Name;" for an empty value, or "Name:" to not send the header.
func (c *curlCommand) header(v string) error {
	name, value, found := strings.Cut(v, ":")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	switch {
	case strings.HasPrefix(v, "@"):
		return fmt.Errorf("headers cannot be read from a file: write each with --header")
	case !found && strings.HasSuffix(v, ";"):
		c.headers.add(strings.TrimSuffix(name, ";"), "")
	case !found:
		return fmt.Errorf("%.60q: must be \"Name: value\"", v)
	case value != "":
		c.headers.add(name, value)
	case c.headers[strings.ToLower(name)] == nil:
		c.headers.set(name)
	}
	return nil
}

// cookie parses the argument of --cookie. An empty one makes curl keep the cookies of responses.
func (c *curlCommand) cookie(v string) error {
	switch {
	case v == "":
		c.note("curl's --cookie '': cookies of responses are not kept")
	case !strings.Contains(v, "="):
		return fmt.Errorf("cookies cannot be read from a file: write name=value")
	default:
		c.cookies = append(c.cookies, strings.Trim(v, "; "))
	}
	return nil
}

// setReferer parses the argument of --referer. The suffix ";auto" only affects redirects.
func (c *curlCommand) setReferer(v string) error {
	c.referer = strings.TrimSuffix(v, ";auto")
	return nil
}

// encoded64 returns the base64 of a text. If the text has marks of variables, it is a mark of its own, for the whole placeholder.
func encoded64(text string) string {
	if mark().MatchString(text) {
		return markOf(basicPrefix + text)
	}
	return base64.StdEncoding.EncodeToString([]byte(text))
}
