package importer

import (
	"strings"
	"testing"
)

func TestSecurity(t *testing.T) {
	const schemes = `securitySchemes: {basic: {type: http, scheme: Basic}, accessToken: {type: http, scheme: bearer}, login: {type: oauth2}, digest: {type: http, scheme: digest},
		key: {type: apiKey, in: header, name: X-Key}, inQuery: {type: apiKey, in: query, name: k}, session: {type: apiKey, in: cookie, name: sid}, tls: {type: mutualTLS}}`
	spec, notes := fromAPI(t, api(`/a: {get: {security: [{basic: []}]}, post: {security: [{accessToken: []}, {basic: []}]}, put: {security: [{login: [x]}]}, patch: {security: [{}]},
		delete: {security: [{digest: []}, {key: [], inQuery: [], session: []}]}, head: {}}, /b: {get: {security: [{tls: []}]}, post: {security: [{nope: []}]}}`, schemes)+"security: [{key: []}]\n")
	s := spec.Scenarios[0].Steps
	switch {
	case len(s) != 6:
		t.Fatalf("%d steps; %s", len(s), notes)
	case s[0].Auth.Basic != "{{secret.BASIC}}", s[1].Auth.Bearer != "{{secret.ACCESS_TOKEN}}", s[2].Auth.Bearer != "{{secret.LOGIN}}", s[3].Auth != nil || len(s[3].Headers) > 0,
		s[4].Headers["X-Key"] != "{{secret.KEY}}" || s[4].Query["k"] != "{{secret.IN_QUERY}}" || s[4].Headers["Cookie"] != "sid={{secret.SESSION}}", s[5].Headers["X-Key"] != "{{secret.KEY}}":
		t.Errorf("%+v", s)
	}
	for _, want := range []string{"BASIC is USER:PASSWORD", "LOGIN is an access token", `"tls" (mutualtls) cannot be said`, `"nope" is not described`, "the run needs ACCESS_TOKEN, BASIC, IN_QUERY, KEY, LOGIN, SESSION"} {
		if !strings.Contains(notes, want) {
			t.Errorf("no %q in\n%s", want, notes)
		}
	}
}
