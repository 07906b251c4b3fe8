package importer

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"

	"landfall/loadgen"
	"landfall/loadgen/template"
)

// importedHeaders are headers as others wrote them, by their names in lower case.
type importedHeaders map[string]*importedHeader

type importedHeader struct {
	name   string
	values []string // none: the header is not sent
}

// set replaces a header.
func (h importedHeaders) set(name string, values ...string) {
	h[strings.ToLower(name)] = &importedHeader{name, values}
}

// offer sets a header of which nothing has been said.
func (h importedHeaders) offer(name, value string) {
	if _, has := h[strings.ToLower(name)]; !has {
		h.set(name, value)
	}
}

// offerUser offers the Authorization header for the user in a URL, if it has one.
func (h importedHeaders) offerUser(user *url.Userinfo) {
	if user != nil {
		password, _ := user.Password()
		h.offer("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(user.Username()+":"+password)))
	}
}

// add adds a line of a header.
func (h importedHeaders) add(name, value string) {
	if have, has := h[strings.ToLower(name)]; has {
		have.values = append(have.values, value)
		return
	}
	h.set(name, value)
}

// value is a header's first one.
func (h importedHeaders) value(name string) string {
	if have, has := h[strings.ToLower(name)]; has && len(have.values) > 0 {
		return have.values[0]
	}
	return ""
}

// hopByHop are headers that belong to a connection or follow from the request. Those with a note change what a server does.
var hopByHop = map[string]string{
	"connection": "", "keep-alive": "", "proxy-connection": "", "content-length": "", "http2-settings": "",
	"transfer-encoding": "bodies are sent whole, with their length",
	"te":                "trailers and transfer codings are not asked for",
	"trailer":           "trailers are not sent",
	"upgrade":           "connections are not upgraded",
}

// sent are the headers that a spec should hold, nil when there is none. HTTP/2's ":authority" and the like are none.
// Several lines of a header become one.
func (h importedHeaders) sent(i *imported) (map[string]string, error) {
	out := map[string]string{}
	for lower, header := range h {
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
				out["User-Agent"] = "" // none is sent
			} else if lower == "host" {
				return nil, fmt.Errorf("a request without the header Host cannot be sent")
			}
			continue
		}
		value, ok := loadgen.JoinHeader(lower, header.values)
		if !ok {
			return nil, fmt.Errorf("header %s is given %d times: a spec holds it once", header.name, len(header.values))
		}
		if len(header.values) > 1 && lower != "cookie" {
			i.note("header %s is given %d times: its values are sent as one, with commas between", header.name, len(header.values))
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

// header reads "Name: value", "Name;" for one without a value, and "Name:" for one that is not sent.
func (c *curlCommand) header(v string) error {
	name, value, found := strings.Cut(v, ":")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	switch {
	case strings.HasPrefix(v, "@"):
		return fmt.Errorf("headers from a file cannot be read: write them out")
	case !found && strings.HasSuffix(v, ";"):
		c.headers.add(strings.TrimSuffix(name, ";"), "")
	case !found:
		return fmt.Errorf("%.60q: must be like \"Name: value\"", v)
	case value != "":
		c.headers.add(name, value)
	case c.headers[strings.ToLower(name)] == nil:
		c.headers.set(name)
	}
	return nil
}

// cookie reads cookies, or nothing, which only makes curl keep those that it gets.
func (c *curlCommand) cookie(v string) error {
	switch {
	case v == "":
		c.note("curl's --cookie '': cookies of responses are not kept")
	case !strings.Contains(v, "="):
		return fmt.Errorf("cookies from a file cannot be read: write name=value")
	default:
		c.cookies = append(c.cookies, strings.Trim(v, "; "))
	}
	return nil
}

// setReferer reads a URL; ";auto" after it only matters where curl follows redirects.
func (c *curlCommand) setReferer(v string) error {
	c.referer = strings.TrimSuffix(v, ";auto")
	return nil
}
