package importer

import (
	_ "embed"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
)

//go:embed curl_options.txt
var curlOptionTable string

// curlOption is an option of curl and how an import treats it.
type curlOption struct {
	name       string
	short      byte // 0: none
	takesValue bool
	treatment  string // used, ignored, noted or refused
	why        string // of options that are noted or refused
}

// curlOptions returns all options of curl, ordered by name.
var curlOptions = sync.OnceValue(func() []curlOption {
	var all []curlOption
	for line := range strings.Lines(curlOptionTable) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.SplitN(strings.TrimSpace(line), " ", 5)
		o := curlOption{name: f[0], takesValue: f[2] == "V", treatment: f[3]}
		if f[1] != "-" {
			o.short = f[1][0]
		}
		if len(f) == 5 {
			o.why = f[4]
		}
		all = append(all, o)
	}
	return all
})

// optionByShort returns the option with a short name.
func optionByShort(letter byte) (curlOption, bool) {
	for _, o := range curlOptions() {
		if o.short == letter {
			return o, true
		}
	}
	return curlOption{}, false
}

// optionByName returns the option with a long name; on is false for --no-name. As in curl, a name may be abbreviated to a unique prefix.
func optionByName(name string) (o curlOption, on bool, err error) {
	if o, err := optionLike(name); err == nil {
		return o, true, nil
	}
	if base, ok := strings.CutPrefix(name, "no-"); ok {
		if o, err := optionLike(base); err == nil && !o.takesValue {
			return o, false, nil
		}
	}
	if strings.HasPrefix(name, "expand-") {
		return curlOption{}, false, fmt.Errorf("curl: option --%s: curl's variables are not supported: write the value itself", name)
	}
	_, err = optionLike(name)
	return curlOption{}, false, err
}

func optionLike(name string) (curlOption, error) {
	var like []curlOption
	for _, o := range curlOptions() {
		if o.name == name {
			return o, nil
		}
		if name != "" && strings.HasPrefix(o.name, name) {
			like = append(like, o)
		}
	}
	if len(like) == 1 {
		return like[0], nil
	}
	names := make([]string, len(like))
	for i, o := range like {
		names[i] = "--" + o.name
	}
	if slices.Sort(names); len(like) > 1 {
		return curlOption{}, fmt.Errorf("curl: option --%s is ambiguous: %s", name, strings.Join(names, ", "))
	}
	return curlOption{}, fmt.Errorf("curl: option %q is unknown", "--"+name)
}

// proxyURL returns the proxy of --proxy and --proxy-user, or "". curl's default port of a proxy is 1080.
func (c *curlCommand) proxyURL() (string, error) {
	if c.proxy == "" || c.noProxy == "*" {
		return "", nil
	}
	if c.noProxy != "" {
		return "", fmt.Errorf("curl: option --noproxy %.60q: beside --proxy it must be *: remove one of the two", c.noProxy)
	}
	raw := c.proxy
	if !strings.Contains(raw, "://") {
		raw = "http://" + raw
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "http" {
		return "", fmt.Errorf("curl: option --proxy: must be the URL of an HTTP proxy, such as http://proxy.example:3128")
	}
	if u.Port() == "" {
		u.Host += ":1080"
	}
	if name, password, ok := strings.Cut(c.proxyUser, ":"); ok {
		u.User = url.UserPassword(name, password)
	} else if c.proxyUser != "" {
		return "", fmt.Errorf("curl: option --proxy-user: it has no password, which curl would prompt for; write user:password")
	}
	u.Path, u.RawQuery, u.Fragment = "", "", "" // curl ignores them
	return u.String(), nil
}
