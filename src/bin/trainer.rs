//! The autoencoder's trainer: a worker that can use the GPU, through burn. Loaded only when an autoencoder is trained.

use std::cell::RefCell;

use burn::tensor::Device;
use flowsift::{
    detect::autoencoder::Network,
    train::{DevicePreference, burn::Burn},
    web,
};

fn main() {
    // A browser gives the GPU once; every learner shares it.
    let opened: RefCell<Option<Device>> = RefCell::default();
    let gpu = async move |preference: DevicePreference, network: &Network, learning_rate: f64| {
        let known = opened.borrow().clone();
        let device = match known {
            Some(device) => device,
            None => {
                web::check_adapter(preference).await?;
                let device = Device::wgpu_options().init_async().await.map_err(|error| error.to_string())?;
                opened.replace(Some(device.clone()));
                device
            }
        };
        Ok(Burn::new(network, learning_rate, &device))
    };
    if let Err(error) = web::serve_with(gpu) {
        web_sys::console::error_1(&error);
    }
}
