package shop

import (
	"strings"
	"testing"
)

func TestQuantities(t *testing.T) {
	u := visit(t, New(Config{}))
	u.login()
	for quantity, status := range map[string]int{"": 200, "1": 200, "100": 200, "0": 400, "101": 400, "-1": 400, "1.5": 400, "many": 400} {
		u.must(status, "POST", "/cart", "csrf="+u.csrf()+"&item=7&quantity="+quantity)
	}
	for _, item := range []string{"0", "501", "x", ""} {
		u.must(404, "POST", "/cart", "csrf="+u.csrf()+"&item="+item)
	}
	if cart := u.must(200, "GET", "/cart", ""); !strings.Contains(cart, `"quantity":102`) || strings.Count(cart, `"id"`) != 1 {
		t.Errorf("cart %s", cart)
	}
}

// The CSRF token may be a header with a JSON body. Each token can be used once, and an order empties the cart.
func TestOrderOfACart(t *testing.T) {
	s := New(Config{})
	u := visit(t, s)
	u.login()
	u.headers["X-CSRF-Token"] = u.csrf()
	u.must(200, "POST", "/cart", `{"item":"7","quantity":2}`)
	u.must(403, "POST", "/cart", `{"item":"7"}`)
	w := u.do("POST", "/checkout", "")
	order := w.Header().Get("Location")
	if w.Code != 303 || !strings.HasPrefix(order, "/orders/") {
		t.Fatalf("%d to %s", w.Code, order)
	}
	if shown := u.must(200, "GET", order, ""); !strings.Contains(shown, `"user":"user7"`) {
		t.Errorf("order %s", shown)
	}
	u.must(404, "GET", "/orders/other", "")
	if cart := u.must(200, "GET", "/cart", ""); !strings.Contains(cart, `"items":[]`) {
		t.Errorf("cart after the order: %s", cart)
	}
	if c := s.Counts(); c.CartItems != 1 || c.Orders != 1 {
		t.Errorf("%+v", c)
	}
}
