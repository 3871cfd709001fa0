#pragma once
// Swift cannot call variadic C functions nor share stdin and stdout safely, so each use of them is
// wrapped here. There is no storage in this header: it would be duplicated in every object file.
#include <errno.h>
#include <histedit.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/time.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <termios.h>

/// libedit holds two characters for every cell of the window that it reads from here, and of 65535×65535 it would hold
/// 34 GB: no window that anyone sees has so many, and a terminal that says so is told of fewer.
static inline void editline_bound_window(int file) {
  const unsigned short most = 2048;
  struct winsize size;
  if (ioctl(file, TIOCGWINSZ, &size) != 0) return;
  if ((long)size.ws_row * size.ws_col <= (long)most * most) return;
  if (size.ws_row > most) size.ws_row = most;
  if (size.ws_col > most) size.ws_col = most;
  ioctl(file, TIOCSWINSZ, &size);
}

static inline EditLine *editline_open(const char *program) {
  editline_bound_window(fileno(stdin));
  return el_init(program, stdin, stdout, stderr);
}

/// The window may have another size.
static inline void editline_resize(EditLine *el) {
  editline_bound_window(fileno(stdin));
  el_resize(el);
}

static inline void editline_set_editor(EditLine *el, const char *name) {
  el_set(el, EL_EDITOR, name);
}

/// The marker byte switches libedit in and out of text that takes no room on the screen.
static inline void editline_set_prompt(EditLine *el, char *(*prompt)(EditLine *), char marker) {
  el_set(el, EL_PROMPT_ESC, prompt, marker);
}

static inline void editline_set_client_data(EditLine *el, void *data) {
  el_set(el, EL_CLIENTDATA, data);
}

static inline void *editline_client_data(EditLine *el) {
  void *data = NULL;
  el_get(el, EL_CLIENTDATA, &data);
  return data;
}

static inline void editline_add_function(
    EditLine *el, const char *name, const char *help, unsigned char (*function)(EditLine *, int)) {
  el_set(el, EL_ADDFN, name, help, function);
}

static inline void editline_bind(EditLine *el, const char *key, const char *function) {
  el_set(el, EL_BIND, key, function, NULL);
}

/// The alternative key map is the command mode of vi.
static inline void editline_bind_alternative(EditLine *el, const char *key, const char *function) {
  el_set(el, EL_BIND, "-a", key, function, NULL);
}

static inline void editline_set_capability(EditLine *el, const char *name, const char *value) {
  el_set(el, EL_SETTC, name, value, NULL);
}

/// Through el_wset: el_set would have the reader deliver bytes instead of characters.
static inline void editline_set_reader(EditLine *el, int (*reader)(EditLine *, wchar_t *)) {
  el_wset(el, EL_GETCFN, reader);
}

static inline void editline_prepare_terminal(EditLine *el, int raw) {
  el_set(el, EL_PREP_TERM, raw);
}

static inline void editline_refresh(EditLine *el) {
  el_set(el, EL_REFRESH);
}

static inline void editline_use_history(EditLine *el, History *lines) {
  el_set(el, EL_HIST, history, lines);
}

static inline void editline_history_limit(History *lines, int count) {
  HistEvent event;
  history(lines, &event, H_SETSIZE, count);
  history(lines, &event, H_SETUNIQUE, 1);
}

static inline void editline_history_enter(History *lines, const char *line) {
  HistEvent event;
  history(lines, &event, H_ENTER, line);
}

/// Writes through the same buffer as libedit, so that the order on the screen holds.
static inline void editline_write(const char *text) {
  fputs(text, stdout);
  fflush(stdout);
}

/// Chooses a character set in which a prompt such as "∂>" may be printed; 0 if there is none.
static inline int editline_choose_utf8(void) {
  const char *names[] = {"", "C.UTF-8", "en_US.UTF-8"};
  for (int i = 0; i < 3; i++)
    if (setlocale(LC_CTYPE, names[i]) && strcmp(nl_langinfo(CODESET), "UTF-8") == 0) return 1;
  return 0;
}

/// Has the death of the parent arrive as SIGHUP, so that a full screen is given back at once. Linux alone can; elsewhere the
/// next key finds the terminal gone.
static inline void editline_hang_up_with_parent(int on) {
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, on ? SIGHUP : 0);
#else
  (void)on;
#endif
}

static inline int editline_window_size(int file, unsigned short *rows, unsigned short *columns) {
  struct winsize size;
  if (ioctl(file, TIOCGWINSZ, &size) != 0) return -1;
  *rows = size.ws_row;
  *columns = size.ws_col;
  return 0;
}

/// A signal that was ignored before stays ignored (nohup) unless `always` is set.
static inline void editline_catch_signal(
    int signal, void (*handler)(int), int always, struct sigaction *previous) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  sigaction(signal, NULL, previous);
  if (previous->sa_handler == SIG_IGN && !always) return;
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, NULL);
}

static inline void editline_default_signal(int signal) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = SIG_DFL;
  sigaction(signal, &action, NULL);
}

// An enumeration in one C library, a number in another.
static inline int editline_set_timer(long first_microseconds, long then_seconds) {
  struct itimerval timer = {{then_seconds, 0}, {0, first_microseconds}};
  return setitimer(ITIMER_REAL, &timer, NULL);
}

static inline void editline_flag_store(volatile sig_atomic_t *flag, int value) {
  *flag = value;
}

static inline int editline_flag_load(const volatile sig_atomic_t *flag) {
  return *flag;
}

static inline void editline_store_character(wchar_t *destination, unsigned int scalar) {
  *destination = (wchar_t)scalar;
}

// glibc declares it only for some feature macros.
extern int wcwidth(wchar_t character);

/// The cells a character takes, -1 if it cannot be printed. Depends on the locale.
static inline int editline_character_width(unsigned int scalar) {
  return wcwidth((wchar_t)scalar);
}
