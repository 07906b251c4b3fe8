package draft

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"landfall/loadgen"
	"landfall/loadgen/field"
	"landfall/loadgen/script"
)

// WebURL parses a URL. It returns nil if the URL is invalid or its scheme is not http or https.
func WebURL(raw string) *url.URL {
	u, err := url.Parse(raw)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return nil
	}
	return u
}

// SetURL sets a step's method and URL. It returns false if steps do not support the method.
func SetURL(s *loadgen.Step, method, url string) bool {
	field := map[string]*string{
		"GET": &s.Get, "POST": &s.Post, "PUT": &s.Put, "PATCH": &s.Patch, "DELETE": &s.Delete, "HEAD": &s.Head, "OPTIONS": &s.Options,
	}[method]
	if field != nil {
		*field = url
	}
	return field != nil
}

// UniqueName returns a unique name of at most 100 bytes plus a number. names counts the names so far.
func UniqueName(name string, names map[string]int) string {
	for len(name) > 100 {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	if name == "" {
		name = "request"
	}
	if names[name]++; names[name] > 1 {
		return fmt.Sprintf("%s #%d", name, names[name])
	}
	return name
}

var notName = field.Pattern(`[^A-Za-z0-9]+`)

// VariableName converts a name to letters, digits and underscores, starting with a letter.
func VariableName(name string) string {
	name = strings.Trim(notName().ReplaceAllString(name, "_"), "_")
	if len(name) > 40 {
		name = name[:40]
	}
	if name == "" || name[0] <= '9' {
		name = "value_" + name
	}
	return name
}

const slotStart = "landfall0slot"

// Slot returns a text that represents placeholder n until all escaping is done. It has only letters and digits, which no escaping changes.
func Slot(n int) string { return slotStart + strconv.Itoa(n) + "x" }

// HoldsSlot reports whether a text contains a slot.
func HoldsSlot(text string) bool { return strings.Contains(text, slotStart) }

// Check compiles a spec whose secrets may be missing, which the run needs, and returns what is wrong with it.
func Check(s loadgen.Spec) error {
	return script.Check(s.Compose(func(string) (string, bool) { return "x", true }).WithDefaults())
}
