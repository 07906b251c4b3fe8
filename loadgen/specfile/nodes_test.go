package specfile

import (
	"fmt"
	"strings"
	"testing"
)

func TestAnchorsAndAliases(t *testing.T) {
	spec, err := Parse("", []byte("headers: &h {A: x, B: y}\nrequests:\n  - {name: one, headers: *h}\n  - {name: two, headers: {<<: *h, B: z}}\n  - {name: three, headers: {<<: [{C: first}, {C: second, D: d}]}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"map[A:x B:y]", "map[A:x B:z]", "map[C:first D:d]"} {
		if got := fmt.Sprint(spec.Requests[i].Headers); got != want {
			t.Errorf("%s: %s, want %s", spec.Requests[i].Name, got, want)
		}
	}
}

// The number of aliases is bounded, so that a short file cannot expand into a huge one.
func TestAliasesAreBounded(t *testing.T) {
	const start = "headers: &h {A: x}\nrequests:\n"
	item := func(i int) string { return fmt.Sprintf("  - {name: r%d, headers: *h}\n", i) }
	text := start
	for i := range maxAliases {
		text += item(i)
	}
	if _, err := Parse("", []byte(text)); err != nil {
		t.Error(err)
	}
	if _, err := Parse("", []byte(text+item(maxAliases))); err == nil || !strings.Contains(err.Error(), "more than 256 aliases") {
		t.Errorf("%v", err)
	}
}

func TestTags(t *testing.T) {
	spec, err := Parse("", []byte("name: !!str 12\nrate: !!float 5\nburst: !!bool true\n"))
	if err != nil || spec.Name != "12" || spec.RateRPS != 5 || !spec.Burst {
		t.Errorf("%+v, %v", spec, err)
	}
	if _, err := Parse("", []byte("name: !custom x")); err == nil || !strings.Contains(err.Error(), "the tag !custom is not supported") {
		t.Errorf("%v", err)
	}
}

func TestValuesInErrorsAreTruncated(t *testing.T) {
	for text, want := range map[string]string{"rate: " + strings.Repeat("x", 100): `rate "` + strings.Repeat("x", 60) + `…": must be a number`, "rate: [1]": "rate is not a single value: must be a number"} {
		if _, err := Parse("", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
