package engine

import (
	"cmp"
	"encoding/base64"
	"net/url"
	"strings"

	"landfall/loadgen"
)

// secretsOf returns the values of a spec and of its setup that must be redacted, each with its replacement.
func (e *Engine) secretsOf(s *loadgen.Spec) (pairs []string) {
	const shortest = 4 // shorter values occur in words by chance
	hide := func(value string) {
		if len(value) >= shortest {
			pairs = append(pairs, value, loadgen.Hidden)
		}
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
func (s *users) secrets(u *user) *strings.Replacer {
	e := s.loop.engine
	pairs := e.secretsOf(&e.spec)
	for name, value := range s.program.Values(u.variables) {
		if loadgen.IsToken(name, value) {
			pairs = hideToken(pairs, value)
		}
	}
	return strings.NewReplacer(pairs...)
}
