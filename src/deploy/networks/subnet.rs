//! Whether an address lies in a subnet.

use std::net::IpAddr;

/// True when the address lies in the subnet, written as `172.18.0.0/16`.
pub fn contains(subnet: &str, address: IpAddr) -> bool {
    let Some((base, width)) = subnet.split_once('/') else { return false };
    let (Ok(base), Ok(width)) = (base.parse::<IpAddr>(), width.parse::<u32>()) else { return false };
    match (base, address) {
        (IpAddr::V4(base), IpAddr::V4(address)) if width <= 32 => {
            let mask = u32::MAX.checked_shl(32 - width).unwrap_or(0);
            base.to_bits() & mask == address.to_bits() & mask
        }
        (IpAddr::V6(base), IpAddr::V6(address)) if width <= 128 => {
            let mask = u128::MAX.checked_shl(128 - width).unwrap_or(0);
            base.to_bits() & mask == address.to_bits() & mask
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::contains;

    #[test]
    fn an_address_is_in_its_subnet_alone() {
        let within = |subnet, address: &str| contains(subnet, address.parse().expect("an address"));
        assert!(within("172.18.0.0/16", "172.18.4.5") && !within("172.18.0.0/16", "172.19.0.1"));
        assert!(within("10.0.0.4/32", "10.0.0.4") && !within("10.0.0.4/32", "10.0.0.5"));
        assert!(within("0.0.0.0/0", "8.8.8.8") && within("fd00::/64", "fd00::7"));
        for subnet in ["", "172.18.0.0", "172.18.0.0/99", "fd00::/64", "x/8"] {
            assert!(!within(subnet, "172.18.0.1"), "{subnet}");
        }
    }
}
