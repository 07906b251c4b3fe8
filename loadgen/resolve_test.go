package loadgen

import "testing"

func FuzzParseResolve(f *testing.F) {
	for _, text := range []string{"shop.example:443:127.0.0.1", "[::1]:80:[::1],10.0.0.1", "a:80:", ":80:1.2.3.4", "a:0:1.2.3.4", "a:99999:1.2.3.4", "[a:80"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseResolve(text)
		if err != nil {
			return
		}
		addrs, err := Resolved([]string{text}, r.Host, r.Port)
		if err != nil || len(addrs) == 0 || len(addrs) != len(r.Addrs) {
			t.Fatalf("%q: %v, %v", text, addrs, err)
		}
		for _, a := range addrs {
			if !a.IsValid() || a.Port() == 0 {
				t.Fatalf("%q: %v", text, a)
			}
		}
	})
}
