package importer

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"landfall/loadgen"
	"landfall/loadgen/template"
)

// fill gives an operation's path and the part of its query that must stand in the URL, and puts its other parameters into the step.
func (a *apiImport) fill(o operation, s *loadgen.Step) (path, query string, err error) {
	path = o.path
	var pairs []string
	for _, p := range a.parameters(o) {
		where, name := text(p["in"]), text(p["name"])
		if where == "body" || where == "formData" {
			continue
		}
		v, given := a.parameter(p)
		switch {
		case !given && where == "path":
			return "", "", fmt.Errorf("no value can be made for its parameter %.60q", name)
		case !given:
		case where == "path":
			path = strings.ReplaceAll(path, "{"+name+"}", inURL(v))
		case where == "query":
			pairs = append(pairs, a.addQuery(s, name, v, p)...)
		case where == "header":
			addHeader(s, name, v)
		case where == "cookie":
			addCookie(s, name, v)
		}
	}
	for i := range path {
		if path[i] == '{' && !strings.HasPrefix(path[i:], "{{") && (i == 0 || path[i-1] != '{') {
			return "", "", fmt.Errorf("its path has a parameter that it does not describe: %.60s", path[i:])
		}
	}
	return path, strings.Join(pairs, "&"), nil
}

// parameter is the value of a parameter. Those that are optional and have no example are left out.
func (a *apiImport) parameter(p object) (v any, given bool) {
	if p["in"] == "path" || isTrue(p["required"]) {
		return a.example(p)
	}
	if v, given = a.ownExample(p); !given {
		a.skipped++
	}
	return v, given
}

// ownExample is an example that a parameter, a media type or their schema gives.
func (a *apiImport) ownExample(p object) (any, bool) {
	schema := a.object(p["schema"])
	for _, o := range []object{p, schema} {
		for _, name := range []string{"example", "x-example"} {
			if v, has := o[name]; has && v != nil {
				return v, true
			}
		}
	}
	named := a.object(p["examples"])
	for _, name := range slices.Sorted(maps.Keys(named)) {
		if v, has := a.object(named[name])["value"]; has {
			return v, true
		}
	}
	if examples := list(schema["examples"]); len(examples) > 0 {
		return examples[0], true
	}
	return nil, false
}

// example is a value of a parameter or media type: its own example, or one that its schema describes.
func (a *apiImport) example(p object) (any, bool) {
	if v, has := a.ownExample(p); has {
		return v, true
	}
	if schema, has := p["schema"]; has {
		return a.value(schema)
	}
	for _, media := range a.object(p["content"]) { // of a parameter: one
		return a.example(a.object(media))
	}
	return a.value(p) // of Swagger 2.0, whose parameters have a schema's fields
}

// addQuery adds a parameter to a step's query. Of a list whose items are sent one by one, the items beyond the first are returned
// as pairs of the URL.
func (a *apiImport) addQuery(s *loadgen.Step, name string, v any, p object) (pairs []string) {
	if s.Query == nil {
		s.Query = map[string]string{}
	}
	oneByOne := p["explode"] != false && (text(p["style"]) == "" || text(p["style"]) == "form")
	if a.swagger {
		oneByOne = text(p["collectionFormat"]) == "multi"
	}
	switch v := v.(type) {
	case []any:
		if !oneByOne || len(v) == 0 {
			break
		}
		for _, item := range v[1:] {
			pairs = append(pairs, inURL(name)+"="+inURL(item))
		}
		s.Query[template.Literal(name)] = templated(v[0])
		return pairs
	case object:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			switch {
			case text(p["style"]) == "deepObject":
				s.Query[template.Literal(name+"["+key+"]")] = templated(v[key])
			case oneByOne && p["content"] == nil:
				s.Query[template.Literal(key)] = templated(v[key])
			default:
				s.Query[template.Literal(name)] = templated(v)
			}
		}
		return nil
	}
	s.Query[template.Literal(name)] = templated(v)
	return nil
}

// addHeader adds a header, but for those that follow from the body and from security.
func addHeader(s *loadgen.Step, name string, v any) {
	for _, other := range []string{"Content-Type", "Content-Length", "Authorization"} {
		if strings.EqualFold(name, other) {
			return
		}
	}
	if s.Headers == nil {
		s.Headers = map[string]string{}
	}
	s.Headers[name] = templated(v)
}

func addCookie(s *loadgen.Step, name string, v any) {
	pair := template.Literal(name) + "=" + templated(v)
	if have := s.Headers["Cookie"]; have != "" {
		pair = have + "; " + pair
	}
	addHeader(s, "Cookie", generated(pair))
}

// inURL is a value as it stands in a URL. What is generated needs no encoding there.
func inURL(v any) string {
	switch v := v.(type) {
	case generated, number:
		return templated(v)
	case []any:
		var parts []string
		for _, item := range v {
			parts = append(parts, inURL(item))
		}
		return strings.Join(parts, ",")
	case string:
		return string(template.URLPart.Append(nil, v))
	}
	return string(template.URLPart.Append(nil, templated(v)))
}

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
