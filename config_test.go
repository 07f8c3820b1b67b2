package main

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// assertFails looks at how a program ended: with the code, one line on stderr that has all
// the parts, and nothing on stdout.
func assertFails(t *testing.T, r result, code int, parts ...string) (ok bool) {
	t.Helper()
	ok = r.code == code && r.stdout == "" && strings.Count(r.stderr, "\n") == 1 && strings.HasPrefix(r.stderr, "liveassist: ")
	for _, part := range parts {
		ok = ok && strings.Contains(r.stderr, part)
	}
	if !ok {
		t.Errorf("code %d, stdout %q, stderr %q; want code %d and one line that begins with liveassist: and has %q", r.code, r.stdout, r.stderr, code, parts)
	}
	return ok
}

// TestHelp lists every setting of the program with its variable and default, and those of
// the contract are among them.
func TestHelp(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"--help"}, {"-h"}, {"serve", "--help"}, {"find", "--help"}} {
		r := mustRun(t, []string{"COLUMNS=500"}, args...)
		if r.code != 0 || r.stderr != "" {
			t.Errorf("%v: code %d, stderr %q", args, r.code, r.stderr)
		}
		words := strings.Join(strings.Fields(r.stdout), " ")
		var names []string
		for field := range reflect.TypeFor[settings]().Fields() {
			tag := field.Tag
			env := tag.Get("env")
			if env == "" {
				continue
			}
			names = append(names, env)
			for _, want := range []string{"--" + tag.Get("name"), "($" + env + ")", tag.Get("default")} {
				if !strings.Contains(words, want) {
					t.Errorf("%v does not show %q of %s", args, want, env)
				}
			}
			if tag.Get("help") == "" {
				t.Errorf("%s has no help", env)
			}
		}
		for _, name := range []string{
			"LISTEN_ADDR", "DATA_DIR", "BASE_URL", "SUBSCRIPTION_GRACE", "FREE_IMAGES_PER_DAY", "RATE_LIMIT", "METRICS_ADDR", "LOG_LEVEL", "LOG_FORMAT",
		} {
			if !slices.Contains(names, name) {
				t.Errorf("the contract's %s is no setting", name)
			}
		}
	}
	r := mustRun(t, nil, "--help")
	for _, command := range []string{"serve", "find", "operator add", "operator remove", "backup", "restore", "doctor", "version"} {
		if !strings.Contains(r.stdout, "\n  "+command+" ") {
			t.Errorf("--help does not show the command %s", command)
		}
	}
}

// TestSettings_Invalid: a start with a setting that cannot be used ends with code 2 and one
// line that names it, before anything was made.
func TestSettings_Invalid(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		env  []string
		args []string
		says []string
	}{
		{env: []string{"LISTEN_ADDR=nonsense"}, says: []string{"LISTEN_ADDR", `"nonsense"`}},
		{env: []string{"LISTEN_ADDR="}, says: []string{"LISTEN_ADDR"}},
		{env: []string{"LISTEN_ADDR=127.0.0.1"}, says: []string{"LISTEN_ADDR", `"127.0.0.1"`}},
		{env: []string{"LISTEN_ADDR=127.0.0.1:http2x"}, says: []string{"LISTEN_ADDR", "port"}},
		{env: []string{"LISTEN_ADDR=127.0.0.1:99999"}, says: []string{"LISTEN_ADDR", "port"}},
		{env: []string{"LISTEN_ADDR=127.0.0.1:-1"}, says: []string{"LISTEN_ADDR", "port"}},
		{env: []string{"LISTEN_ADDR=0.0.0.0:0"}, says: []string{"BASE_URL", "required"}},
		{env: []string{"LISTEN_ADDR=:0"}, says: []string{"BASE_URL", "required"}},
		{env: []string{"LISTEN_ADDR=[::]:0"}, says: []string{"BASE_URL", "required"}},
		{env: []string{"LISTEN_ADDR=example.com:0"}, says: []string{"BASE_URL", "required"}},
		{env: []string{"LISTEN_ADDR=0.0.0.0:0", "BASE_URL=https://example.com", "RATE_LIMIT=off"}, says: []string{"RATE_LIMIT", "loopback"}},
		{env: []string{"BASE_URL=example.com"}, says: []string{"BASE_URL"}},
		{env: []string{"BASE_URL=ftp://example.com"}, says: []string{"BASE_URL"}},
		{env: []string{"BASE_URL=https://"}, says: []string{"BASE_URL"}},
		{env: []string{"BASE_URL=https://example.com/app"}, says: []string{"BASE_URL"}},
		{env: []string{"BASE_URL=https://example.com?x=1"}, says: []string{"BASE_URL"}},
		{env: []string{"BASE_URL=https://user:secret@example.com"}, says: []string{"BASE_URL"}},
		{env: []string{"BASE_URL=https://exa mple.com"}, says: []string{"BASE_URL"}},
		{env: []string{"DATA_DIR="}, says: []string{"DATA_DIR"}},
		{env: []string{"SUBSCRIPTION_GRACE=3 days"}, says: []string{"SUBSCRIPTION_GRACE"}},
		{env: []string{"SUBSCRIPTION_GRACE=-1h"}, says: []string{"SUBSCRIPTION_GRACE"}},
		{env: []string{"FREE_IMAGES_PER_DAY=two"}, says: []string{"FREE_IMAGES_PER_DAY"}},
		{env: []string{"FREE_IMAGES_PER_DAY=-1"}, says: []string{"FREE_IMAGES_PER_DAY"}},
		{env: []string{"FREE_IMAGES_PER_DAY=99999999999999999999"}, says: []string{"FREE_IMAGES_PER_DAY"}},
		{env: []string{"RATE_LIMIT=maybe"}, says: []string{"RATE_LIMIT", `"maybe"`, "on", "off"}},
		{env: []string{"RATE_LIMIT="}, says: []string{"RATE_LIMIT"}},
		{env: []string{"METRICS_ADDR=nonsense"}, says: []string{"METRICS_ADDR"}},
		{env: []string{"SMTP_URL=mail.example.com:25", "MAIL_FROM=a@example.com"}, says: []string{"SMTP_URL", "smtp://"}},
		{env: []string{"SMTP_URL=smtp://u:secret@mail.example.com/x", "MAIL_FROM=a@example.com"}, says: []string{"SMTP_URL"}},
		{env: []string{"SMTP_URL=smtp://mail.example.com"}, says: []string{"MAIL_FROM", "required"}},
		{env: []string{"SMTP_URL=smtp://mail.example.com", "MAIL_FROM=nobody"}, says: []string{"MAIL_FROM", "nobody"}},
		{env: []string{"MAIL_FROM=a@example.com"}, says: []string{"MAIL_FROM", "SMTP_URL"}},
		{env: []string{"OUTBOX_RETENTION=1s"}, says: []string{"OUTBOX_RETENTION", "1m"}},
		{env: []string{"OUTBOX_RETENTION=a week"}, says: []string{"OUTBOX_RETENTION"}},
		{env: []string{"WEBHOOK_BODY_RETENTION=-1h"}, says: []string{"WEBHOOK_BODY_RETENTION"}},
		{env: []string{"BACKUP_URL=ftp://example.com/x"}, says: []string{"BACKUP_URL", "s3://BUCKET/PATH"}},
		{env: []string{"BACKUP_URL=s3://bucket"}, says: []string{"BACKUP_URL", "a path within it"}},
		{env: []string{"BACKUP_URL=s3:///path"}, says: []string{"BACKUP_URL", "a bucket"}},
		{env: []string{"BACKUP_URL=s3://key:secret@bucket/path"}, says: []string{"BACKUP_URL", "AWS_SECRET_ACCESS_KEY"}},
		{env: []string{"BACKUP_URL=s3://bucket/path?regoin=x"}, says: []string{"BACKUP_URL", `"regoin"`, "region"}},
		{env: []string{"BACKUP_URL=file://backup"}, says: []string{"BACKUP_URL", "file:///"}},
		{env: []string{"BACKUP_URL=data/backup"}, says: []string{"BACKUP_URL", "within the data directory"}},
		{env: []string{"BACKUP_URL=./data"}, says: []string{"BACKUP_URL", "within the data directory"}},
		{args: []string{"restore", "--at=noon", "--backup-url=/backup"}, says: []string{"--at"}},
		{args: []string{"restore"}, says: []string{"BACKUP_URL is required"}},
		{env: []string{"TRUSTED_PROXIES=nginx"}, says: []string{"TRUSTED_PROXIES", `"nginx"`}},
		{env: []string{"TRUSTED_PROXIES=10.0.0.0/8,10.1"}, says: []string{"TRUSTED_PROXIES", `"10.1"`}},
		{env: []string{"TRUSTED_PROXIES=0.0.0.0/0"}, says: []string{"TRUSTED_PROXIES", "everybody"}},
		{env: []string{"CLIENT_IP_HEADER=X-Real-IP"}, says: []string{"CLIENT_IP_HEADER", `"X-Real-IP"`}},
		{env: []string{"CLIENT_IP_HEADER=Fly-Client-IP"}, says: []string{"CLIENT_IP_HEADER", "TRUSTED_PROXIES"}},
		{env: []string{"LOG_LEVEL=loud"}, says: []string{"LOG_LEVEL", `"loud"`}},
		{env: []string{"LOG_FORMAT=xml"}, says: []string{"LOG_FORMAT", `"xml"`}},
		{env: []string{"LOG_LEVEL=loud", "RATE_LIMIT=maybe", "FREE_IMAGES_PER_DAY=-1"}, says: []string{"LOG_LEVEL", "RATE_LIMIT", "FREE_IMAGES_PER_DAY"}},
		{args: []string{"--rate-limit=maybe"}, says: []string{"RATE_LIMIT"}},
		{args: []string{"--subscription-grace=x"}, says: []string{"--subscription-grace"}},
		{args: []string{"--no-such-flag"}, says: []string{"--no-such-flag"}},
		{args: []string{"-x"}, says: []string{"-x"}},
		{args: []string{"--listen-addr"}, says: []string{"--listen-addr"}},
		{args: []string{"no-such-command"}, says: []string{"no-such-command"}},
		{args: []string{"serve", "more"}, says: []string{"more"}},
		{args: []string{"operator"}, says: []string{"add", "remove"}},
		{args: []string{"operator", "promote", "a@example.com"}, says: []string{"promote"}},
		{args: []string{"operator", "add"}, says: []string{"<email>"}},
		{args: []string{"backup"}, says: []string{"<file>"}},
		{args: []string{"find"}, says: []string{"<collection>"}},
		{args: []string{"version", "more"}, says: []string{"more"}},
	} {
		dir := t.TempDir()
		env := slices.Concat([]string{"LISTEN_ADDR=127.0.0.1:0"}, c.env) // the last of a name counts
		r := mustRunIn(t, dir, env, c.args...)
		if !assertFails(t, r, 2, c.says...) {
			t.Logf("with %v %v", c.env, c.args)
		}
		if strings.Contains(r.stderr, "secret") {
			t.Errorf("%v: stderr shows a secret: %s", c.env, r.stderr)
		}
		if entries, err := os.ReadDir(dir); err != nil || len(entries) != 0 {
			t.Errorf("%v %v left %v, %v, want nothing", c.env, c.args, entries, err)
		}
	}
}

// TestSettings_FlagWins over the environment, and both over the default.
func TestSettings_FlagWins(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	byEnv, byFlag := filepath.Join(dir, "env"), filepath.Join(dir, "flag")
	env := []string{"DATA_DIR=" + byEnv}
	for _, c := range []struct {
		args []string
		want string
	}{{nil, byEnv}, {[]string{"--data-dir=" + byFlag}, byFlag}, {[]string{"--data-dir", byFlag}, byFlag}} {
		assertFails(t, mustRun(t, env, append([]string{"find", "users"}, c.args...)...), 1, "no database in "+c.want)
	}
	assertFails(t, mustRun(t, nil, "find", "users"), 1, "no database in data")
}

// TestSettings_Good are accepted; `version` reads them all and starts nothing.
func TestSettings_Good(t *testing.T) {
	t.Parallel()
	for _, env := range [][]string{
		{"LISTEN_ADDR=[::1]:0"},
		{"LISTEN_ADDR=localhost:0"},
		{"LISTEN_ADDR=127.9.9.9:65535", "RATE_LIMIT=off"},
		{"LISTEN_ADDR=0.0.0.0:8080", "BASE_URL=https://example.com"},
		{"LISTEN_ADDR=:8080", "BASE_URL=http://example.com:8080/"},
		{"BASE_URL="},
		{"BACKUP_URL=s3://bucket/a/path?endpoint=https://objects.example.com&region=auto", "AWS_REGION=eu-north-1"},
		{"BACKUP_URL=/var/backup", "DATA_DIR=/var/back"},
		{"BACKUP_URL=file:///var/backup"},
		{"METRICS_ADDR=:9090", "LOG_LEVEL=debug", "LOG_FORMAT=json", "FREE_IMAGES_PER_DAY=0", "SUBSCRIPTION_GRACE=0s"},
	} {
		if r := mustRun(t, env, "version"); r.code != 0 || r.stderr != "" {
			t.Errorf("%v: code %d, %s", env, r.code, r.stderr)
		}
	}
}
