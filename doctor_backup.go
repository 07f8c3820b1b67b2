package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"time"

	"liveassist/backup"
	"liveassist/domain"
)

// staleBackup is how old the continuous backup may be: ten times what it promises.
const staleBackup = 20 * time.Second

// examineBackup says how fresh the continuous backup is. Only the running server knows, and
// tells it in /readyz.
func examineBackup(ctx context.Context, s *settings) domain.Finding {
	f := domain.Finding{Check: "backup", State: domain.StateBroken}
	switch {
	case s.BackupURL == "":
		f.State, f.Says = domain.StateOff, "No continuous backup is set up."
		f.Do = "Set BACKUP_URL (docs/backup.md), or let `liveassist backup FILE` run by a timer and copy the file elsewhere."
		return f
	case !backup.Built:
		f.Says, f.Do = backup.ErrNotBuilt.Error(), "Use the image, or build with -tags litestream."
		return f
	}
	lag, problem, err := backupState(ctx, s.ListenAddr)
	switch {
	case err != nil:
		f.State, f.Says = domain.StateWarning, "The server does not tell how fresh the backup is: "+err.Error()
		f.Do = "Run this beside the running server, with its settings."
	case problem != "" || lag > staleBackup:
		f.Says = fmt.Sprintf("The last transfer was %s ago. %s", lag.Round(time.Second), problem)
		f.Do = "Look at the place that BACKUP_URL names: whether it can be reached, has room, and takes the keys."
	default:
		f.State, f.Says = domain.StateOK, fmt.Sprintf("The last transfer was %s ago.", lag.Round(100*time.Millisecond))
	}
	return f
}

// backupState asks the server that listens on addr.
func backupState(ctx context.Context, addr string) (lag time.Duration, problem string, err error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return 0, "", err
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/readyz", nil)
	if err != nil {
		return 0, "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close() //nolint:errcheck // nothing was written
	var answer struct {
		Details struct {
			Backup *struct {
				Lag     float64 `json:"lag_seconds"`
				Problem string  `json:"problem"`
			} `json:"backup"`
		} `json:"details"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return 0, "", fmt.Errorf("read /readyz: %w", err)
	}
	b := answer.Details.Backup
	if b == nil {
		return 0, "", fmt.Errorf("the server on %s has no backup", addr)
	}
	return time.Duration(b.Lag * float64(time.Second)), b.Problem, nil
}
