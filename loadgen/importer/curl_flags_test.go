package importer

import (
	"strings"
	"testing"
)

// The supported options are those that curl_options.txt marks as used.
func TestSupportedOptions(t *testing.T) {
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
	for name := range binaryValues {
		if curlValues[name] == nil {
			t.Errorf("--%s has no value", name)
		}
	}
}

func TestOptionSyntax(t *testing.T) {
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
		"-sX": "-X needs a value", "--cert-type DER http://a": "must be PEM", "-A \xff http://a": "not valid UTF-8",
	} {
		if _, err := fromCurl("curl " + line); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", line, err, want)
		}
	}
}
