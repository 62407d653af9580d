//! Time that was spent computing: what others do on the machine counts less.

/// Nanoseconds that this thread has had of a processor.
pub fn thread_time() -> f64 {
    time(Clock::Thread)
}

/// Nanoseconds that all threads of this program have had together.
pub fn process_time() -> f64 {
    time(Clock::Process)
}

/// The clocks, with their numbers on Linux.
#[derive(Clone, Copy)]
enum Clock {
    Process = 2,
    Thread = 3,
}

#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
fn time(clock: Clock) -> f64 {
    #[repr(C)]
    struct Timespec {
        seconds: i64,
        nanoseconds: i64,
    }
    unsafe extern "C" {
        fn clock_gettime(clock: i32, time: *mut Timespec) -> i32;
    }
    let mut time = Timespec { seconds: 0, nanoseconds: 0 };
    // SAFETY: the structure is that of 64-bit Linux, and lives through the call.
    let status = unsafe { clock_gettime(clock as i32, &raw mut time) };
    assert_eq!(status, 0, "no clock");
    time.seconds as f64 * 1e9 + time.nanoseconds as f64
}

/// Elsewhere, time passes for all.
#[cfg(not(all(target_os = "linux", target_pointer_width = "64")))]
fn time(_: Clock) -> f64 {
    static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    START.get_or_init(std::time::Instant::now).elapsed().as_secs_f64() * 1e9
}
