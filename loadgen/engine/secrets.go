package engine

import (
	"cmp"
	"encoding/base64"
	"net/url"
	"strings"

	"landfall/loadgen"
	"landfall/loadgen/evidence"
	"landfall/loadgen/field"
)

// secretsOf returns the values of a spec and of its setup that must be redacted, each with its replacement.
func (e *Engine) secretsOf(s *loadgen.Spec) (pairs []string) {
	const shortest = 4 // shorter values occur in words by chance
	hide := func(value string) {
		for _, form := range append([]string{value}, evidence.Encodings(value)...) {
			if len(form) >= shortest {
				pairs = append(pairs, form, loadgen.Hidden)
			}
		}
	}
	for _, value := range e.derived {
		hide(value)
	}
	for _, value := range s.Secrets {
		hide(value)
	}
	headers := func(list map[string]string) {
		for name, value := range list {
			if loadgen.RedactLine(name+": "+value) == name+": "+loadgen.Hidden {
				scheme, credentials, _ := strings.Cut(value, " ")
				hide(cmp.Or(credentials, scheme))
			}
		}
	}
	headers(s.Headers)
	for i := range s.Requests {
		headers(s.Requests[i].Headers)
	}
	if to, err := loadgen.ParseTarget("target", s.Target); err == nil && to.URL.User != nil {
		password, _ := to.URL.User.Password()
		hide(password)
		hide(base64.StdEncoding.EncodeToString([]byte(to.URL.User.Username() + ":" + password)))
	}
	for _, value := range e.values {
		pairs = hideToken(pairs, value)
	}
	return pairs
}

// hideToken adds a value extracted from a response, verbatim and as encoded in a URL or a form.
func hideToken(pairs []string, value string) []string {
	if len(value) < loadgen.ShortestToken {
		return pairs
	}
	for _, form := range []string{value, url.QueryEscape(value), url.PathEscape(value)} {
		pairs = append(pairs, form, loadgen.Hidden)
	}
	return pairs
}

// secrets returns a replacer that redacts the secrets of the spec, the values extracted by setup, and the tokens extracted by the user's
// steps.
func (s *users) secrets(u *user) hider {
	e := s.loop.engine
	pairs := e.hidden()
	for name, value := range s.program.Values(u.variables) {
		if loadgen.IsToken(name, value) {
			pairs = hideToken(pairs, value)
		}
	}
	return e.hiding(pairs)
}

// hider redacts secrets in texts.
type hider struct {
	known  *strings.Replacer
	hashes bool // also redact whatever looks like a hash
}

func (e *Engine) hiding(pairs []string) hider {
	return hider{known: strings.NewReplacer(pairs...), hashes: e.derives}
}

// Replace returns a text without secrets.
func (h hider) Replace(text string) string {
	if text = h.known.Replace(text); h.hashes {
		text = hash().ReplaceAllString(text, loadgen.Hidden)
	}
	return text
}

// hash matches hexadecimal hashes of at least 128 bits, which functions compute.
var hash = field.Pattern(`[0-9a-fA-F]{32,}`)

// derive learns what a function computes from a secret when the spec is compiled; "": it computes a value for each request, which is no
// longer known when a request is described.
func (e *Engine) derive(value string) {
	if value == "" {
		e.derives = true
	} else {
		e.derived = append(e.derived, value)
	}
}
