package loadgen

import (
	"encoding/json"
	"slices"

	"landfall/loadgen/field"
)

var (
	inBraces = field.Pattern(`\{\{[^{}]*\}\}`)
	outside  = field.Pattern(`\b(env|secret)\.([A-Za-z_][A-Za-z0-9_]*)`)
)

// Outside returns the names of the environment variables that a spec uses: NAME of each {{env.NAME}}, and of each {{secret.NAME}}.
func (s Spec) Outside() (env, secrets []string) {
	s.CSV, s.Data = "", nil
	text, err := json.Marshal(s)
	if err != nil { // reported when the spec is sent
		return nil, nil
	}
	for _, p := range inBraces().FindAll(text, -1) {
		for _, m := range outside().FindAllSubmatch(p, -1) {
			if name := string(m[2]); string(m[1]) == "env" {
				env = append(env, name)
			} else {
				secrets = append(secrets, name)
			}
		}
	}
	slices.Sort(env)
	slices.Sort(secrets)
	return slices.Compact(env), slices.Compact(secrets)
}

// Compose resolves the environment variables that a spec uses. It must be called where the spec is written, since drivers have an
// environment of their own. A name that lookup does not know stays unresolved, which is an error when the spec is compiled.
func (s Spec) Compose(lookup func(name string) (string, bool)) Spec {
	env, secrets := s.Outside()
	s.Env, s.Secrets = lookedUp(s.Env, env, lookup), lookedUp(s.Secrets, secrets, lookup)
	return s
}

func lookedUp(have map[string]string, names []string, lookup func(string) (string, bool)) map[string]string {
	values := map[string]string{}
	for _, name := range names {
		if value, ok := lookup(name); ok {
			values[name] = value
		} else if value, ok := have[name]; ok {
			values[name] = value
		}
	}
	if len(values) == 0 {
		return nil
	}
	return values
}
