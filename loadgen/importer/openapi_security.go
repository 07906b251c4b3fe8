package importer

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"landfall/loadgen"
)

// secure puts the first alternative of an operation's security that a step can carry into the step.
func (a *apiImport) secure(o operation, s *loadgen.Step) error {
	given, own := o.fields["security"]
	if !own {
		given = a.root["security"]
	}
	alternatives := list(given)
	var problem error
	for _, alternative := range alternatives {
		trial := *s
		trial.Headers, trial.Query = maps.Clone(s.Headers), maps.Clone(s.Query)
		if problem = a.apply(a.object(alternative), &trial); problem == nil {
			*s = trial
			return nil
		}
	}
	if len(alternatives) > 0 {
		return problem
	}
	return nil
}

// apply puts all schemes of one alternative into a step; there may be none.
func (a *apiImport) apply(alternative object, s *loadgen.Step) error {
	schemes := a.object(a.object(a.root["components"])["securitySchemes"])
	if a.swagger {
		schemes = a.object(a.root["securityDefinitions"])
	}
	for _, name := range slices.Sorted(maps.Keys(alternative)) {
		scheme := a.object(schemes[name])
		if scheme == nil {
			return fmt.Errorf("its security %.60q is not described", name)
		}
		if err := a.scheme(name, scheme, s); err != nil {
			return err
		}
	}
	return nil
}

func (a *apiImport) scheme(name string, scheme object, s *loadgen.Step) error {
	secret := "{{secret." + secretName(name) + "}}"
	kind := strings.ToLower(text(scheme["type"]) + " " + text(scheme["scheme"]))
	switch {
	case kind == "http basic", kind == "basic ":
		s.Auth = &loadgen.Auth{Basic: secret}
		a.note("security %.60q is basic authentication: %s is USER:PASSWORD", name, secretName(name))
	case kind == "http bearer":
		s.Auth = &loadgen.Auth{Bearer: secret}
	case strings.HasPrefix(kind, "oauth2"), strings.HasPrefix(kind, "openidconnect"):
		s.Auth = &loadgen.Auth{Bearer: secret}
		a.note("security %.60q is OAuth 2.0 or OpenID Connect: %s is an access token, which the spec does not fetch", name, secretName(name))
	case strings.HasPrefix(kind, "apikey"):
		switch key := text(scheme["name"]); text(scheme["in"]) {
		case "query":
			if s.Query == nil {
				s.Query = map[string]string{}
			}
			s.Query[key] = secret
		case "cookie":
			addCookie(s, key, generated(secret))
		default:
			if s.Headers == nil {
				s.Headers = map[string]string{}
			}
			s.Headers[key] = secret
		}
	default:
		return fmt.Errorf("its security %.60q (%.60s) cannot be said in a spec", name, strings.TrimSpace(kind))
	}
	return nil
}

// secretName is the name of a secret as environment variables have it: API_KEY of apiKey or api-key.
func secretName(scheme string) string {
	var b strings.Builder
	lower := false
	for _, c := range variableName(scheme) {
		isUpper := c >= 'A' && c <= 'Z'
		if isUpper && lower {
			b.WriteByte('_')
		}
		lower = c >= 'a' && c <= 'z'
		b.WriteRune(c)
	}
	return strings.ToUpper(b.String())
}
