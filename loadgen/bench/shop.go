//go:build unix

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// shopUsers is the number of concurrent users of the sample target's shop. Each logs in (JSON, token), fetches a form (CSRF token by
// regular expression) and posts it (cookie, check), in a closed loop.
const shopUsers = 16

// visitor is a program that visits the shop.
type visitor struct {
	name, program string
	args          func(url, dir string, length time.Duration) ([]string, error)
}

func visitors(landfall string) []visitor {
	spec := func(shared string) func(string, string, time.Duration) ([]string, error) {
		return func(url, dir string, length time.Duration) ([]string, error) {
			file := filepath.Join(dir, "shared-"+shared+".yaml")
			return []string{"run", "--local", "--threads", "1", "--json", file}, os.WriteFile(file, []byte(fmt.Sprintf(shopSpec, url, length, shopUsers, shared)), 0o600)
		}
	}
	k6 := func(anew string) func(string, string, time.Duration) ([]string, error) {
		return func(url, dir string, length time.Duration) ([]string, error) {
			file := filepath.Join(dir, "shop-"+anew+".js")
			return []string{"run", "--quiet", "--no-usage-report", file}, os.WriteFile(file, []byte(fmt.Sprintf(shopK6, shopUsers, length, anew, url)), 0o600)
		}
	}
	return []visitor{
		{"landfall, a connection a user", landfall, spec("false")},
		{"landfall, shared connections", landfall, spec("true")},
		{"landfall, POST /login alone", landfall, func(url, _ string, length time.Duration) ([]string, error) {
			return []string{"run", "--local", "--threads", "1", "--json", "-c", strconv.Itoa(shopUsers), "-z", length.String(),
				"-H", "Content-Type: application/json", "-d", `{"user":"user7","password":"secret7"}`, url + "/login"}, nil
		}},
		{"k6", "k6", k6("false")},
		{"k6, noVUConnectionReuse", "k6", k6("true")},
		{"Locust, FastHttpUser", "locust", func(url, dir string, length time.Duration) ([]string, error) {
			file := filepath.Join(dir, "shop.py")
			return []string{"-f", file, "--headless", "--only-summary", "-u", strconv.Itoa(shopUsers), "-r", strconv.Itoa(shopUsers), "-t", length.String(), "-H", url},
				os.WriteFile(file, []byte(shopLocust), 0o600)
		}},
	}
}

const shopSpec = `target: %s
kind: avalanche
duration: %s
users: %d
shared_connections: %s
variables: {n: "{{int 1 1000}}"}
scenarios:
  - name: buyer
    steps:
      - {name: login, post: /login, json: {user: "user{{n}}", password: "secret{{n}}"}, extract: {token: {json: $.token}}, checks: [{status: 200}]}
      - {name: form, get: /cart/form, headers: {Authorization: "Bearer {{token}}"}, extract: {csrf: {regex: 'name="csrf" value="([^"]+)"'}}}
      - {name: cart, post: /cart, form: {csrf: "{{csrf}}", item: "7"}, checks: [{status: 2xx}]}
`

const shopK6 = `import http from 'k6/http';
import { check } from 'k6';
export const options = { vus: %d, duration: '%s', noVUConnectionReuse: %s };
const url = '%s';
export default function () {
  const n = 1 + Math.floor(Math.random() * 1000);
  const login = http.post(url + '/login', JSON.stringify({ user: 'user' + n, password: 'secret' + n }), { headers: { 'Content-Type': 'application/json' } });
  check(login, { 'logged in': (r) => r.status === 200 });
  const form = http.get(url + '/cart/form', { headers: { Authorization: 'Bearer ' + login.json('token') } });
  const csrf = form.body.match(/name="csrf" value="([^"]+)"/)[1];
  check(http.post(url + '/cart', { csrf: csrf, item: '7' }), { 'put into the cart': (r) => r.status < 300 });
}
`

const shopLocust = `import random, re
from locust import FastHttpUser, task

class Buyer(FastHttpUser):
    @task
    def buy(self):
        n = random.randint(1, 1000)
        with self.client.post("/login", json={"user": f"user{n}", "password": f"secret{n}"}) as login:
            token = login.json()["token"]
        form = self.client.get("/cart/form", headers={"Authorization": f"Bearer {token}"})
        csrf = re.search('name="csrf" value="([^"]+)"', form.text).group(1)
        with self.client.post("/cart", data={"csrf": csrf, "item": "7"}, catch_response=True) as cart:
            if cart.status_code >= 300:
                cart.failure("not put into the cart")
`

// shopBars limit landfall's CPU per request relative to tools that open as many connections. By default, k6 and Locust keep the
// connections of a user for all iterations, while landfall opens new ones in each iteration.
var shopBars = []struct {
	what, of string
	must     float64
}{
	{"landfall, shared connections", "k6", 0.15},
	{"landfall, shared connections", "Locust, FastHttpUser", 0.06},
	{"landfall, shared connections", "landfall, POST /login alone", 1.6},
	{"landfall, a connection a user", "k6, noVUConnectionReuse", 0.15},
}

// shop compares the cost of virtual users. The shop counts requests and violations.
func shop(s settings, _ *server) (bars []*bar) {
	costs, memories, why := map[string][]float64{}, map[string][]float64{}, map[string]string{}
	if err := visit(s, costs, memories, why); err != nil {
		why[visitors(s.landfall)[0].name] = err.Error()
	}
	for _, b := range shopBars {
		next := &bar{what: fmt.Sprintf("shop, %d users: CPU of %s ÷ %s", shopUsers, b.what, b.of), format: "%.2f", must: b.must, why: why[b.what] + why[b.of]}
		for i := range min(len(costs[b.what]), len(costs[b.of])) {
			next.measured = append(next.measured, costs[b.what][i]/costs[b.of][i])
		}
		bars = append(bars, next)
	}
	fmt.Printf("\n| shop, %d users | CPU µs/request | peak MB |\n|---|---|---|\n", shopUsers)
	for _, v := range visitors(s.landfall) {
		fmt.Printf("| %s | %s | %s %s |\n", v.name, spread(costs[v.name], "%.1f"), spread(memories[v.name], "%.0f"), why[v.name])
	}
	return bars
}

func visit(s settings, costs, memories map[string][]float64, why map[string]string) error {
	dir, err := os.MkdirTemp("", "landfall-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	for range s.rounds {
		for _, v := range visitors(s.landfall) {
			if _, err := exec.LookPath(v.program); err != nil {
				why[v.name] = v.program + " is not installed"
				continue
			}
			cpu, memory, err := visitOnce(v, s, dir)
			if err != nil {
				why[v.name] = err.Error()
				continue
			}
			costs[v.name], memories[v.name] = append(costs[v.name], cpu), append(memories[v.name], memory)
		}
	}
	return nil
}

// visitOnce runs one program against a new shop. It returns the CPU time per request in microseconds, including startup, and the peak
// memory in MB.
func visitOnce(v visitor, s settings, dir string) (cpu, memory float64, err error) {
	url, closeShop, err := openShop(s.landfall)
	if err != nil {
		return 0, 0, err
	}
	defer closeShop()
	args, err := v.args(url, dir, s.length)
	if err != nil {
		return 0, 0, err
	}
	c := pinned(1, v.program, args...)
	c.WaitDelay = time.Second
	late := time.AfterFunc(3*s.length+20*time.Second, func() { _ = c.Process.Kill() })
	defer late.Stop()
	if output, err := c.CombinedOutput(); err != nil {
		return 0, 0, fmt.Errorf("%s: %w: %.300s", v.name, err, output)
	}
	counted, err := shopCounts(url)
	if err != nil {
		return 0, 0, err
	}
	for kind, n := range counted.Violations {
		if n > 0 {
			return 0, 0, fmt.Errorf("%s: the shop refused %d for %s", v.name, n, kind)
		}
	}
	if counted.Requests == 0 {
		return 0, 0, fmt.Errorf("%s sent nothing", v.name)
	}
	if u, ok := c.ProcessState.SysUsage().(*syscall.Rusage); ok {
		memory = float64(u.Maxrss) / 1024
	}
	used := c.ProcessState.UserTime() + c.ProcessState.SystemTime()
	return float64(used.Microseconds()) / float64(counted.Requests), memory, nil
}

// openShop starts a sample target. It returns its URL and a function that stops it.
func openShop(landfall string) (url string, stop func(), err error) {
	target := pinned(0, landfall, "target", "--listen", "127.0.0.1:0")
	out, err := target.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := target.Start(); err != nil {
		return "", nil, fmt.Errorf("start the shop: %w", err)
	}
	stop = func() { _ = target.Process.Kill(); _ = target.Wait() }
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		stop()
		return "", nil, fmt.Errorf("read the shop's address: %w", err)
	}
	return "http://" + strings.TrimSpace(line), stop, nil
}

// shopCount holds counters of the sample target.
type shopCount struct {
	Requests   int64            `json:"requests"`
	Violations map[string]int64 `json:"violations"`
}

func shopCounts(url string) (c shopCount, err error) {
	q, err := http.NewRequest(http.MethodGet, url+"/metrics", nil)
	if err != nil {
		return c, err
	}
	q.Header.Set("Accept", "application/json")
	resp, err := http.DefaultClient.Do(q)
	if err != nil {
		return c, err
	}
	defer resp.Body.Close()
	return c, json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(&c)
}
