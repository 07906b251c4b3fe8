package importer

import "strings"

// importedHeaders are headers as others wrote them, by their names in lower case.
type importedHeaders map[string]importedHeader

type importedHeader struct{ name, value string }

// notImported are headers that belong to a connection or follow from the request.
var notImported = map[string]bool{
	"connection": true, "keep-alive": true, "proxy-connection": true, "content-length": true, "transfer-encoding": true,
	"te": true, "trailer": true, "upgrade": true, "http2-settings": true,
}

// set replaces a header.
func (h importedHeaders) set(name, value string) {
	h[strings.ToLower(name)] = importedHeader{name, value}
}

// offer sets a header that is not there.
func (h importedHeaders) offer(name, value string) {
	if _, has := h[strings.ToLower(name)]; !has {
		h.set(name, value)
	}
}

// add sets a header, or appends to it what a second one of its name says.
func (h importedHeaders) add(name, value string) {
	separator := ", "
	if strings.EqualFold(name, "Cookie") {
		separator = "; "
	}
	if have, has := h[strings.ToLower(name)]; has {
		value = have.value + separator + value
	}
	h.set(name, value)
}

// sent are the headers that a spec should hold; nil when there is none. HTTP/2's ":authority" and the like are none.
func (h importedHeaders) sent() map[string]string {
	var out map[string]string
	for lower, header := range h {
		if notImported[lower] || strings.HasPrefix(lower, ":") {
			continue
		}
		if out == nil {
			out = map[string]string{}
		}
		out[header.name] = header.value
	}
	return out
}
