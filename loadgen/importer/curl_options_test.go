package importer

import (
	"slices"
	"strings"
	"testing"
)

// Every option has one treatment, and the used ones have a function.
func TestCurlOptions(t *testing.T) {
	shorts := map[byte]string{}
	for i, o := range curlOptions() {
		if i > 0 && curlOptions()[i-1].name >= o.name {
			t.Errorf("--%s is out of order or listed twice", o.name)
		}
		if o.short != 0 && shorts[o.short] != "" {
			t.Errorf("-%c is --%s and --%s", o.short, shorts[o.short], o.name)
		}
		shorts[o.short] = o.name
		if !slices.Contains([]string{"used", "ignored", "noted", "refused"}, o.treatment) || (o.why == "") == (o.treatment == "noted" || o.treatment == "refused") {
			t.Errorf("--%s: treatment %q, why %q", o.name, o.treatment, o.why)
		}
		if used := curlValues[o.name] != nil && o.takesValue || curlSwitches[o.name] != nil && !o.takesValue; used != (o.treatment == "used") {
			t.Errorf("--%s: treatment %s, has a function: %v", o.name, o.treatment, used)
		}
	}
	for name := range curlValues {
		if _, err := optionLike(name); err != nil {
			t.Error(err)
		}
	}
}

func TestOptionNames(t *testing.T) {
	for name, want := range map[string]string{"head": "head", "compr": "", "compressed": "compressed", "data-r": "data-raw", "insec": "insecure"} {
		o, on, err := optionByName(name)
		if want == "" && (err == nil || !strings.Contains(err.Error(), "ambiguous: --compressed, --compressed-ssh")) || want != "" && (o.name != want || !on || err != nil) {
			t.Errorf("--%s: %s, %v, want %s", name, o.name, err, want)
		}
	}
	if o, on, err := optionByName("no-insecure"); o.name != "insecure" || on || err != nil {
		t.Errorf("--no-insecure: %s %v %v", o.name, on, err)
	}
	if _, _, err := optionByName("frobnicate"); err == nil || err.Error() != `curl: option "--frobnicate" is unknown` {
		t.Error(err)
	}
}

func TestNotedAndRefusedOptions(t *testing.T) {
	for line, want := range map[string]string{
		"curl -sS -c jar -D head --noproxy x --retry-delay 3 --proto =https --trace-ascii f --no-progress-meter --no-buffer -o f http://a": "curl's --retry-delay: failed requests are counted, not retried",
		"curl -L http://a":                "curl's -L: redirects are counted, not followed",
		"curl --no-location http://a":     "",
		"curl -4 --http3 https://a":       "curl's -4: addresses of both families are used; curl's --http3: requests are sent over HTTP/1.1",
		"curl --http2 http://a":           "curl's --http2: without TLS it only offers an upgrade; requests are sent over HTTP/1.1 (see --http2-prior-knowledge)",
		"curl -k --no-insecure https://a": "",
	} {
		i, err := fromCurl(line)
		if got := strings.Join(i.Notes, "; "); err != nil || got != want || i.Spec.HTTP2 || i.Spec.TLS.Insecure {
			t.Errorf("%s: %q, %v, want %q", line, got, err, want)
		}
	}
	for line, want := range map[string]string{
		"curl --digest -u a:b http://a": "cannot be repeated",
		"curl --next http://b":          "one request", "curl --frob http://a": `"--frob" is unknown`, "curl http://a -sY": "option -Y needs a value",
		"curl -s? http://a": `"-?" is unknown`, "curl --expand-data x http://a": "variables are not supported", "curl -K f http://a": "write its options",
		"curl -z 1 http://a": "depends on a file or time", "curl -H": "option -H needs a value",
	} {
		if _, err := fromCurl(line); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", line, err, want)
		}
	}
}
