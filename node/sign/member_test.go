package sign

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"landfall/node"
)

func TestMembersReadBack(t *testing.T) {
	for name, m := range map[string]Member{
		"plain":    operator(NewKey(), "ann"),
		"driver":   driver(NewKey(), "d1"),
		"viewer":   {Public: NewKey().Public(), Signer: node.Signer{Name: "eve", Role: node.RoleViewer}, Until: noon},
		"limits":   {Public: NewKey().Public(), Signer: node.Signer{Name: "bob", Role: node.RoleOperator, Targets: []string{"shop.test:80", "10.0.0.0/8"}, MaxRateRPS: 1e6}},
		"revoked":  {Public: NewKey().Public(), Signer: node.Signer{Name: "bob", Role: node.RoleDriver}, Until: noon, Revoked: noon.Add(-time.Hour)},
		"fraction": {Public: NewKey().Public(), Signer: node.Signer{Name: "bob", Role: node.RoleOperator, MaxRateRPS: .25}},
	} {
		words := strings.Fields(m.line())
		again, err := parseMember(words[1:])
		if err != nil || words[0] != "key" || !reflect.DeepEqual(again, m) {
			t.Errorf("%s: %q is read as %+v, %v", name, m.line(), again, err)
		}
	}
}

func TestMemberErrors(t *testing.T) {
	key := NewKey().Public().String()
	for line, want := range map[string]string{
		"":                                         "a name and a role",
		key + " ann":                               "a name and a role",
		"abc ann operator":                         "",
		key + " ann boss":                          `role "boss"`,
		key + " an,n operator":                     "name",
		key + " ann operator colour=red":           `"colour"`,
		key + " ann operator max-rate=0":           "max-rate=0: must be requests/s above 0",
		key + " ann operator max-rate=-1":          "above 0",
		key + " ann operator max-rate=NaN":         "above 0",
		key + " ann operator max-rate=Inf":         "above 0",
		key + " ann operator until=soon":           `"soon": must be a day`,
		key + " ann operator revoked=2027-13-01":   "must be a day",
		key + " d1 driver max-rate=5":              "only an operator's key",
		key + " eve viewer targets=10.0.0.0/8":     "only an operator's key",
		key + " ann operator targets=10.0.0.0/99":  "10.0.0.0/99",
		key + " ann operator targets=shop.test:80": "accepted",
	} {
		_, err := parseMember(strings.Fields(line))
		switch {
		case want == "accepted" && err != nil:
			t.Errorf("%q: %v", line, err)
		case want != "accepted" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%q: %v, want %q", line, err, want)
		}
	}
}

func TestParseUntil(t *testing.T) {
	for s, want := range map[string]time.Time{
		"2027-01-31":                time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC),
		"2027-01-31T12:00:00Z":      time.Date(2027, 1, 31, 12, 0, 0, 0, time.UTC),
		"2027-01-31T12:00:00+02:00": time.Date(2027, 1, 31, 10, 0, 0, 0, time.UTC),
	} {
		if got, err := ParseUntil(s); err != nil || !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("%s: %v, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "31.01.2027", "2027-02-30", "2027-01-31T12:00:00"} {
		if got, err := ParseUntil(s); err == nil {
			t.Errorf("%q is read as %v", s, got)
		}
	}
}
