// A client that does as little as an even pace takes: it sleeps until a request is due, reads away what has come meanwhile on
// the connection whose turn it is, and writes the request. It measures nothing and understands nothing.
// usage: even PORT CONNECTIONS REQUESTS_PER_SECOND SECONDS
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv) {
	if (argc != 5) return 2;
	int connections = atoi(argv[2]), one = 1, fds[4096];
	long gap = 1000000000L / atol(argv[3]), n = atol(argv[3]) * atol(argv[4]);
	if (connections < 1 || connections > 4096) return 2;
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	for (int i = 0; i < connections; i++) {
		fds[i] = socket(AF_INET, SOCK_STREAM, 0);
		setsockopt(fds[i], IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
		if (connect(fds[i], (struct sockaddr *)&to, sizeof to)) return perror("connect"), 1;
	}
	prctl(PR_SET_TIMERSLACK, 1);
	const char *request = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
	char answer[4096];
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	long long due = now.tv_sec * 1000000000LL + now.tv_nsec;
	for (long i = 0; i < n; i++, due += gap) {
		struct timespec until = {due / 1000000000LL, due % 1000000000LL};
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
		int fd = fds[i % connections];
		recv(fd, answer, sizeof answer, MSG_DONTWAIT);
		if (write(fd, request, strlen(request)) < 0) return perror("write"), 1;
	}
	usleep(100000);
	return 0;
}
