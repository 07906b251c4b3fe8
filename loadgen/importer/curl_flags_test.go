package importer

import (
	"strings"
	"testing"
)

// Every option that is used has something that uses it, by whether it takes a value, and the other way round.
func TestOptionsThatAreUsed(t *testing.T) {
	for name := range curlSwitches {
		if o, _, err := optionByName(name); err != nil || o.takesValue || o.treatment != "used" {
			t.Errorf("--%s: %+v, %v", name, o, err)
		}
	}
	for name := range curlValues {
		if o, _, err := optionByName(name); err != nil || !o.takesValue || o.treatment != "used" {
			t.Errorf("--%s: %+v, %v", name, o, err)
		}
	}
	for name := range carriesBytes {
		if curlValues[name] == nil {
			t.Errorf("--%s carries bytes, but has no value", name)
		}
	}
}

// Options may be written in several ways, and those behind -- are none.
func TestFormsOfOptions(t *testing.T) {
	for line, want := range map[string]string{
		"-XPUT http://a": "PUT http://a/ false", "-X PUT http://a": "PUT http://a/ false", "-skXPUT http://a": "PUT http://a/ true", "--request PUT --insecure http://a": "PUT http://a/ true",
		"--insecure --no-insecure http://a": "GET http://a/ false", "-I -- http://a": "HEAD http://a/ false", "-k http://a -I": "HEAD http://a/ true",
	} {
		i, err := fromCurl("curl " + line)
		got := i.Spec.Method + " " + i.Spec.Target
		if i.Spec.TLS.Insecure {
			got += " true"
		} else {
			got += " false"
		}
		if err != nil || got != want {
			t.Errorf("%s: %s, %v; want %s", line, got, err, want)
		}
	}
	for line, want := range map[string]string{
		"-sX": "-X needs a value", "--cert-type DER http://a": "only PEM", "-A \xff http://a": "not valid UTF-8",
	} {
		if _, err := fromCurl("curl " + line); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", line, err, want)
		}
	}
}
