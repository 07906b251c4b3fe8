package target

import (
	"io"
	"net/http"
	"net/http/httptrace"
	"testing"
)

func TestCloseEvery(t *testing.T) {
	_, url := start(t, Config{CloseEvery: 3})
	client := http.Client{Transport: &http.Transport{}}
	var reused []bool
	for range 7 {
		req, _ := http.NewRequest(http.MethodGet, url+"/ping", nil)
		trace := &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) { reused = append(reused, i.Reused) }}
		resp, err := client.Do(req.WithContext(httptrace.WithClientTrace(t.Context(), trace)))
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
	}
	for i, want := range []bool{false, true, true, false, true, true, false} {
		if reused[i] != want {
			t.Errorf("request %d on a reused connection: %v, want %v", i+1, reused[i], want)
		}
	}
}
