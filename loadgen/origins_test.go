package loadgen

import (
	"slices"
	"strings"
	"testing"
)

func TestOrigins(t *testing.T) {
	spec := Spec{Target: "https://Shop.example/base", Count: 1, Users: 1, Hosts: []string{"https://login.example/"}, Setup: []Step{{Get: "http://setup.example/x"}},
		Scenarios: []Scenario{{Name: "a", Steps: []Step{
			{Get: "/login?next=http://none.example/"}, {Get: "https://shop.example/x"}, {Post: "https://API.example:8443?{{q}}"}, {Get: "{{where}}"},
			{If: "1", Steps: []Step{{Get: "https://api.example:8443/b"}}, Else: []Step{{Choose: []Branch{{Steps: []Step{{Get: "http://c.example"}}}}}}},
		}}}}.WithDefaults()
	want := []string{"https://login.example", "https://api.example:8443", "http://c.example", "http://setup.example"}
	if got := spec.Origins(); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if err := spec.Validate(); err != nil {
		t.Error(err)
	}
	for wrong, want := range map[string]string{
		"login.example": `hosts[0] "login.example": must be an origin`, "http://a/b": "must be an origin", "ftp://a": "must be a host such as", "http://{{h}}": "placeholders stand behind it",
	} {
		s := spec
		s.Hosts = []string{wrong}
		if err := s.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", wrong, err)
		}
	}
}
