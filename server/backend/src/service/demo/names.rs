//! What the people of the demonstration are called, and chance that is the same every time.

/// Given names; the first two dozen belong to the people at the head of the list.
const GIVEN: &str = "Ben Chidi Dana Elif Farid Grace Hana Ivan Jo Kofi Lena Mei Noor Omar Priya Quentin Rosa \
    Sven Tala Uma Vera Wanjiru Yusuf Zoë Aaron Abena Adela Aiko Alba Amir Anders Aroha Asha Astrid Aylin \
    Bashir Beatriz Bogdan Brigid Camila Cedric Chen Clara Cosmin Daichi Darya Diego Dmitri Ebele Edda Eero \
    Emeka Esther Fatou Fenna Finn Gabriel Gita Goran Gudrun Hakim Hector Ines Ingrid Isaac Jamila Jari \
    Joana Kaito Karin Katya Lars Leila Lionel Lucía Luka Mads Malik Marta Mina Mohan Nadia Nils Nkechi \
    Oksana Olga Pavel Pia Rafael Ravi Rania Renata Ruben Sadia Samir Selma Simone Tariq Thandi Tomas Ugo \
    Viktor Wen Ximena Yara Zainab";

/// Family names; the first twenty belong to the people at the head of the list.
const FAMILY: &str = "Okafor Lindqvist Nakamura Haddad Moreau Kowalski Osei Petrova Silva Tanaka Weber Yilmaz \
    Castillo Dubois Eriksen Farouk Gupta Hoang Ibrahim Jansen Abara Aguilar Ahlberg Akhtar Alonso Amsel \
    Andrade Arslan Asante Baptiste Barros Bauer Becker Belov Bengtsson Berger Bianchi Boateng Bondar Brandt \
    Brennan Cabral Calder Campos Carvalho Cerny Chavez Cho Cisse Conti Costa Dahl Danso Demir Diallo Diaz \
    Dimitrov Doyle Drozd Duarte Ekström Elmasry Engel Esposito Fabre Falk Fashola Faure Ferreira Fischer \
    Fofana Forsberg Franke Fujita Gallo Garza Georgiou Ghosh Gomes Greco Grigoryan Gruber Hahn Hansen \
    Hashimoto Hassan Heikkinen Herrera Hidalgo Hofmann Holm Horvat Huang Iglesias Ilves Inoue Ivanova Iyer \
    Jacobs Jimenez Johansen Joshi Juarez Kamau Kang Kaplan Karlsson Kaya Keller Khan Kimura Kovacs Krause \
    Kumar Kuznetsova Lambert Larsen Laurent Lehtinen Lima Lombardi Lopes Lund Madsen Makarov Mancini Marek \
    Martel Mbeki Medina Melnyk Mensah Meyer Mishra Molnar Morales Murphy Mwangi Nadeem Navarro Ndiaye \
    Nguyen Nielsen Nowak Nunes Nyberg Obi Ochoa Odhiambo Ojeda Olsen Orlov Ortega Otieno Özkan Pacheco \
    Pandey Park Patel Pereira Pham Pinto Popescu Prasad Quispe Rahman Ramos Reyes Ricci Rinaldi Rojas Rossi \
    Roux Ruud Saarinen Sahin Salazar Santos Sato Schmid Sharma Shevchenko Singh Sokolov Sorensen Suzuki \
    Szabo Takeda Teixeira Toivonen Toure Tran Ueda Urban Vargas Vasquez Vega Virtanen Vogel Wagner Walsh \
    Wang Yamada Zamora Zeman Zhao";

/// People at the head of the list, each with a name of their own.
const HEAD: usize = 24;
const HEAD_FAMILIES: usize = 20;

/// A number that knows nothing of its neighbours and is the same every time (`SplitMix64`), so that the
/// groups, the roles and the last days of people say nothing about their names.
pub fn chance(index: usize, of: u64) -> usize {
    let mut mixed = (index as u64)
        .wrapping_add(of.wrapping_mul(0x632b_e59b_d9b4_e019))
        .wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    usize::try_from((mixed ^ (mixed >> 31)) >> 33).unwrap_or_default()
}

/// The name of the n-th person.
pub fn full_name(index: usize) -> String {
    let (given, family) = if index < HEAD {
        (index, index * 7 % HEAD_FAMILIES)
    } else {
        (chance(index, 1), chance(index, 2))
    };
    format!("{} {}", nth(GIVEN, given), nth(FAMILY, family))
}

fn nth(names: &'static str, at: usize) -> &'static str {
    let count = names.split_whitespace().count();
    names
        .split_whitespace()
        .nth(at % count.max(1))
        .unwrap_or_default()
}

/// The address of the n-th person.
pub fn email(index: usize) -> String {
    let name: String = full_name(index)
        .to_lowercase()
        .chars()
        .map(|letter| match letter {
            ' ' => '.',
            'ë' => 'e',
            'ö' => 'o',
            'í' => 'i',
            other => other,
        })
        .collect();
    // The first two dozen read like people; after that names repeat and get a number.
    if index < HEAD {
        format!("{name}@example.org")
    } else {
        format!("{name}.{index}@example.org")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_people_at_the_head_have_names_of_their_own_and_every_address_is_plain() {
        let head: HashSet<String> = (0..HEAD).map(full_name).collect();
        assert_eq!(head.len(), HEAD);
        assert_eq!(full_name(0), "Ben Okafor");
        assert!((0..5_000).all(|index| email(index).is_ascii()));
    }

    #[test]
    fn chance_is_spread_and_the_same_every_time() {
        let sixths = (0..6_000)
            .filter(|index| chance(*index, 3).is_multiple_of(6))
            .count();
        assert!((900..1_100).contains(&sixths), "{sixths}");
        assert_eq!(chance(7, 3), chance(7, 3));
        assert_ne!(chance(7, 3), chance(7, 4));
    }
}
